//! Where the composer stands: above the mail at the bottom, or over the whole of a narrow screen.

import { lazy, Suspense } from "react";
import { Loading } from "../../ui/note";
import { useOpened } from "./open";

const Composer = lazy(() => import("./composer"));

export function ComposerDock() {
  const opened = useOpened();
  if (!opened) return null;
  return (
    <Suspense
      fallback={
        <div className="composer">
          <Loading />
        </div>
      }
    >
      <Composer key={opened.key} opened={opened} />
    </Suspense>
  );
}
