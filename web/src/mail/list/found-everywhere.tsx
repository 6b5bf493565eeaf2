//! A search in all mailboxes: the newest of each, together, with the mailbox they stand in.

import { useQueries } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { moment, t } from "../../text";
import { Empty, Loading, messageOf, Note } from "../../ui/note";
import { accountsOf, useJmap, windowQuery } from "../queries";
import { filterOf, type Search } from "../search/query";
import { nameOf } from "./row";

export function FoundEverywhere({ search }: { search: Search }) {
  const session = useJmap();
  const accounts = accountsOf(session);
  const { thread: open } = useParams({ strict: false });
  const answers = useQueries({
    queries: accounts.map(({ id }) => windowQuery(session, { accountId: id, filter: filterOf(search, undefined) }, 0)),
  });
  const found = answers
    .flatMap((answer, at) => {
      const account = accounts[at];
      return account ? (answer.data?.lines ?? []).map((line) => ({ account, line })) : [];
    })
    .sort((a, b) => b.line.receivedAt.localeCompare(a.line.receivedAt));
  const total = answers.reduce((sum, answer) => sum + (answer.data?.total ?? 0), 0);
  return (
    <>
      <div className="list-bar">
        <h1 className="cut">{t("search.found", { count: total })}</h1>
      </div>
      {answers.map(
        (answer, at) =>
          answer.error && (
            <Note key={accounts[at]?.id} tone="warn">
              {t("search.failed-in", { mailbox: accounts[at]?.name ?? "", why: messageOf(answer.error) })}
            </Note>
          ),
      )}
      {answers.some((answer) => answer.isPending) && <Loading />}
      {answers.every((answer) => !answer.isPending) && found.length === 0 && (
        <Empty icon="search" title={t("search.nothing")} />
      )}
      <ul className="lines found">
        {found.map(({ account, line }) => (
          <li
            key={`${account.id} ${line.id}`}
            className="line"
            data-open={line.threadId === open}
            data-unread={!line.keywords.$seen}
          >
            <Link
              to="/mail/$account/$folder/$thread"
              params={{ account: account.id, folder: Object.keys(line.mailboxIds)[0] ?? "", thread: line.threadId }}
              search={(before) => before}
              className="line-link line-main"
            >
              <span className="line-top">
                <span className="line-who cut">{nameOf(line.from?.[0])}</span>
                <span className="tag">{account.name}</span>
                <time dateTime={line.receivedAt}>{moment(line.receivedAt)}</time>
              </span>
              <span className="line-subject cut">{line.subject?.trim() || t("mail.no-subject")}</span>
              <span className="line-preview cut">{line.preview}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
