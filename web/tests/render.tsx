//! The whole app in a test page, at a path.

import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { queries } from "../src/queries";
import { newRouter } from "../src/router";
import { Toasts } from "../src/ui/toasts";

export function show(path: string) {
  const router = newRouter(createMemoryHistory({ initialEntries: [path] }));
  render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), router };
}
