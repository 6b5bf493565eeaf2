//! Which path shows which screen. Screens behind the sign-in are loaded when they are first shown.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { sessionQuery } from "./api/session";
import { firstScreen } from "./first-screen";
import { mailAccountsQuery } from "./mail/available";
import { queries } from "./queries";
import { Gate } from "./session/gate";
import { SignIn } from "./session/sign-in";
import { Failed } from "./ui/note";

const root = createRootRoute({
  component: Outlet,
  errorComponent: ({ error, reset }) => <Failed error={error} onRetry={reset} />,
});

interface Next {
  next?: string;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  // Only a path of this app, never another site.
  validateSearch: (search: Record<string, unknown>): Next =>
    typeof search.next === "string" && /^\/(?![/\\])/.test(search.next) ? { next: search.next } : {},
  component: SignIn,
});

/** Everything that needs somebody signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ location }) => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
  },
  component: Gate,
});

const start = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: async () => {
    throw redirect({ href: await firstScreen(), replace: true });
  },
});

const console_ = createRoute({
  getParentRoute: () => inside,
  path: "/console",
  component: lazyRouteComponent(() => import("./console/layout"), "ConsoleLayout"),
});
const consoleStart = createRoute({
  getParentRoute: () => console_,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/console/mailboxes", replace: true });
  },
});
const mailboxes = createRoute({
  getParentRoute: () => console_,
  path: "/mailboxes",
  component: lazyRouteComponent(() => import("./console/mailboxes/list"), "Mailboxes"),
});
const mailbox = createRoute({
  getParentRoute: () => console_,
  path: "/mailboxes/$name",
  component: lazyRouteComponent(() => import("./console/mailboxes/mailbox"), "MailboxScreen"),
});
const mailboxStart = createRoute({
  getParentRoute: () => mailbox,
  path: "/",
  component: lazyRouteComponent(() => import("./console/mailboxes/details"), "Details"),
});
const mailboxAddresses = createRoute({
  getParentRoute: () => mailbox,
  path: "/addresses",
  component: lazyRouteComponent(() => import("./console/mailboxes/addresses"), "Addresses"),
});
const mailboxFolders = createRoute({
  getParentRoute: () => mailbox,
  path: "/folders",
  component: lazyRouteComponent(() => import("./console/mailboxes/folders"), "Folders"),
});
const mailboxAccess = createRoute({
  getParentRoute: () => mailbox,
  path: "/access",
  component: lazyRouteComponent(() => import("./console/mailboxes/access"), "Access"),
});
const mailboxActivity = createRoute({
  getParentRoute: () => mailbox,
  path: "/activity",
  component: lazyRouteComponent(() => import("./console/mailboxes/activity"), "Activity"),
});
const users = createRoute({
  getParentRoute: () => console_,
  path: "/users",
  component: lazyRouteComponent(() => import("./console/users/list"), "Users"),
});
const user = createRoute({
  getParentRoute: () => console_,
  path: "/users/$name",
  component: lazyRouteComponent(() => import("./console/users/user"), "UserScreen"),
});
const roles = createRoute({
  getParentRoute: () => console_,
  path: "/roles",
  component: lazyRouteComponent(() => import("./console/roles/list"), "Roles"),
});
const role = createRoute({
  getParentRoute: () => console_,
  path: "/roles/$id",
  component: lazyRouteComponent(() => import("./console/roles/role"), "RoleScreen"),
});
const domains = createRoute({
  getParentRoute: () => console_,
  path: "/domains",
  component: lazyRouteComponent(() => import("./console/domains"), "Domains"),
});
const plan = createRoute({
  getParentRoute: () => console_,
  path: "/plan",
  component: lazyRouteComponent(() => import("./console/plan"), "PlanScreen"),
});
const audit = createRoute({
  getParentRoute: () => console_,
  path: "/audit",
  component: lazyRouteComponent(() => import("./console/audit"), "Audit"),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/settings"), "Settings"),
});

interface MailSearch {
  q?: string;
  where?: "folder" | "mailbox" | "all";
}

const mail = createRoute({
  getParentRoute: () => inside,
  path: "/mail",
  beforeLoad: async () => {
    if (!(await queries.ensureQueryData(mailAccountsQuery))) throw redirect({ to: "/settings" });
  },
  component: lazyRouteComponent(() => import("./mail/layout"), "MailLayout"),
});
const mailStart = createRoute({
  getParentRoute: () => mail,
  path: "/",
  component: lazyRouteComponent(() => import("./mail/start"), "MailStart"),
});
const folder = createRoute({
  getParentRoute: () => mail,
  path: "/$account/$folder",
  validateSearch: (search: Record<string, unknown>): MailSearch => ({
    ...(typeof search.q === "string" && search.q !== "" ? { q: search.q } : {}),
    ...(search.where === "folder" || search.where === "mailbox" || search.where === "all"
      ? { where: search.where }
      : {}),
  }),
  component: lazyRouteComponent(() => import("./mail/list/screen"), "FolderScreen"),
});
const nothingOpen = createRoute({
  getParentRoute: () => folder,
  path: "/",
  component: lazyRouteComponent(() => import("./mail/list/screen"), "NothingOpen"),
});
const conversation = createRoute({
  getParentRoute: () => folder,
  path: "/$thread",
  component: lazyRouteComponent(() => import("./mail/conversation/screen"), "ConversationScreen"),
});

export const routes = root.addChildren([
  signIn,
  inside.addChildren([
    start,
    settings,
    mail.addChildren([mailStart, folder.addChildren([nothingOpen, conversation])]),
    console_.addChildren([
      consoleStart,
      mailboxes,
      mailbox.addChildren([mailboxStart, mailboxAddresses, mailboxFolders, mailboxAccess, mailboxActivity]),
      users,
      user,
      roles,
      role,
      domains,
      plan,
      audit,
    ]),
  ]),
]);

/** A router of its own for each page; tests give theirs a history. */
export function newRouter(history?: RouterHistory) {
  return createRouter({
    routeTree: routes,
    defaultPreload: "intent",
    scrollRestoration: true,
    ...(history ? { history } : {}),
  });
}

export const router = newRouter();

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
