//! The console of administrators, and of managers for their mailboxes.

import { Link, Outlet } from "@tanstack/react-router";
import { useSession } from "../api/session";
import { t } from "../text";
import { Icon, type IconName } from "../ui/icons";
import { Brand, Shell } from "../ui/shell";

type Place =
  | "/console/mailboxes"
  | "/console/users"
  | "/console/roles"
  | "/console/domains"
  | "/console/plan"
  | "/console/audit";

export function ConsoleLayout() {
  const { privilege } = useSession();
  const link = (to: Place, icon: IconName, label: string) => (
    <Link to={to} className="nav-link" activeOptions={{ exact: false }}>
      <Icon name={icon} />
      {label}
    </Link>
  );
  return (
    <Shell
      title={t("console.title")}
      navLabel={t("console.title")}
      head={<Brand>{t("console.title")}</Brand>}
      nav={
        <>
          {link("/console/mailboxes", "inbox", t("mailboxes.title"))}
          {privilege === "admin" && (
            <>
              {link("/console/users", "person", t("users.title"))}
              {link("/console/roles", "role", t("roles.title"))}
              {link("/console/domains", "globe", t("domains.title"))}
              {link("/console/plan", "gauge", t("plan.title"))}
              {link("/console/audit", "audit", t("audit.title"))}
            </>
          )}
        </>
      }
    >
      <main className="page" id="main">
        <div className="page-inner">
          <Outlet />
        </div>
      </main>
    </Shell>
  );
}
