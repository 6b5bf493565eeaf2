//! One mailbox with its tabs.

import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { t } from "../../text";
import { Failed, Loading } from "../../ui/note";
import { PageHead } from "../page-head";
import { mailboxQuery } from "../queries";

export function useMailboxName(): string {
  return useParams({ from: "/inside/console/mailboxes/$name" }).name;
}

export function MailboxScreen() {
  const name = useMailboxName();
  const { data: mailbox, error, refetch } = useQuery(mailboxQuery(name));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!mailbox) return <Loading />;
  return (
    <>
      <PageHead
        title={mailbox.display_name}
        crumb={<Link to="/console/mailboxes">{t("mailboxes.title")}</Link>}
        text={mailbox.addresses.length > 0 ? mailbox.addresses.join(", ") : t("mailbox.no-address")}
      />
      <nav className="tabs" aria-label={t("mailbox.tabs")}>
        <Link to="/console/mailboxes/$name" params={{ name }} activeOptions={{ exact: true }}>
          {t("mailbox.tab.details")}
        </Link>
        <Link to="/console/mailboxes/$name/addresses" params={{ name }}>
          {t("mailbox.tab.addresses")}
        </Link>
        <Link to="/console/mailboxes/$name/folders" params={{ name }}>
          {t("mailbox.tab.folders")}
        </Link>
        <Link to="/console/mailboxes/$name/access" params={{ name }}>
          {t("mailbox.tab.access")}
        </Link>
        <Link to="/console/mailboxes/$name/activity" params={{ name }}>
          {t("mailbox.tab.activity")}
        </Link>
      </nav>
      <Outlet />
    </>
  );
}
