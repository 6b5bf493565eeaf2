//! `/mail` alone: the Inbox of one's own mailbox, or of the first that has one to show.

import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { t } from "../text";
import { Empty, Failed, Loading } from "../ui/note";
import { accountsOf, foldersQuery, inOrder, useJmap } from "./queries";

export function MailStart() {
  const session = useJmap();
  const first = accountsOf(session)[0];
  const { data, error, refetch } = useQuery({
    ...foldersQuery(session, first?.id ?? ""),
    enabled: first !== undefined,
  });
  if (!first) return <Empty icon="inbox" title={t("mail.no-mailbox")} />;
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const folder = data.find((one) => one.role === "inbox") ?? inOrder(data)[0]?.folder;
  if (!folder) return <Empty icon="inbox" title={t("mail.no-folder")} />;
  return <Navigate to="/mail/$account/$folder" params={{ account: first.id, folder: folder.id }} replace />;
}
