//! Everybody's own: password, application passwords, and the browsers that are signed in.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSession } from "../api/session";
import { PageHead } from "../console/page-head";
import { mailAccountsQuery } from "../mail/available";
import { hasConsole } from "../session/account-menu";
import { t } from "../text";
import { Icon } from "../ui/icons";
import { Brand, Shell } from "../ui/shell";
import { ApplicationPasswords } from "./application-passwords";
import { OwnPassword } from "./own-password";
import { Sessions } from "./sessions";

export function Settings() {
  const session = useSession();
  const { data: hasMail } = useQuery(mailAccountsQuery);
  return (
    <Shell
      title={t("settings.title")}
      navLabel={t("settings.title")}
      head={<Brand>{t("app.name")}</Brand>}
      nav={
        <>
          {hasMail && (
            <Link to="/mail" className="nav-link">
              <Icon name="inbox" />
              {t("menu.mail")}
            </Link>
          )}
          {hasConsole(session) && (
            <Link to="/console/mailboxes" className="nav-link">
              <Icon name="gauge" />
              {t("menu.console")}
            </Link>
          )}
          <Link to="/settings" className="nav-link">
            <Icon name="key" />
            {t("settings.title")}
          </Link>
        </>
      }
    >
      <main className="page" id="main">
        <div className="page-inner">
          <PageHead title={t("settings.title")} text={t("settings.about", { name: session.name })} />
          <Sessions />
          <ApplicationPasswords />
          <OwnPassword />
        </div>
      </main>
    </Shell>
  );
}
