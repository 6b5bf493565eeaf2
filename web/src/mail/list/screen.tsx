//! A folder (or a search) beside what was opened from it.

import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams, useSearch } from "@tanstack/react-router";
import { t } from "../../text";
import { useTitle } from "../../title";
import { Empty } from "../../ui/note";
import { folderName } from "../folder-look";
import { accountsOf, foldersQuery, useJmap } from "../queries";
import { filterOf, readSearch } from "../search/query";
import { SearchField } from "../search/search-field";
import { FoundEverywhere } from "./found-everywhere";
import { ConversationList } from "./list";

export function FolderScreen() {
  const session = useJmap();
  const { account, folder: folderId } = useParams({ from: "/inside/mail/$account/$folder" });
  const { thread } = useParams({ strict: false });
  const { q = "", where = "mailbox" } = useSearch({ from: "/inside/mail/$account/$folder" });
  const { data: folders } = useQuery(foldersQuery(session, account));
  const folder = folders?.find((one) => one.id === folderId);
  const name = accountsOf(session).find((one) => one.id === account)?.name ?? "";
  useTitle(folder ? `${folderName(folder)} · ${name}` : name);
  const search = readSearch(q);
  if (folders && !folder) return <Empty icon="folder" title={t("mail.folder-gone")} />;
  return (
    <div className="mail" data-open={thread !== undefined}>
      <section className="list-pane" aria-label={folder ? folderName(folder) : t("mail.list")}>
        <SearchField />
        {q !== "" && where === "all" ? (
          <FoundEverywhere search={search} />
        ) : (
          <ConversationList
            key={`${account} ${folderId} ${q} ${where}`}
            accountId={account}
            folder={folder}
            filter={filterOf(search, q !== "" && where === "mailbox" ? undefined : folderId)}
            isSearch={q !== ""}
          />
        )}
      </section>
      <main className="reading-pane" id="main">
        <Outlet />
      </main>
    </div>
  );
}

/** Nothing is open. */
export function NothingOpen() {
  return (
    <Empty icon="inbox" title={t("mail.nothing-open")}>
      <p>{t("mail.nothing-open.text")}</p>
    </Empty>
  );
}
