//! A list of conversations of any length: only what is on screen is drawn and asked for, in windows.

import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Filter, Folder } from "../../jmap/types";
import { intl, t } from "../../text";
import { Empty, Failed } from "../../ui/note";
import { setDragged } from "../drag";
import { folderName } from "../folder-look";
import { useKeys } from "../keys";
import { type Line, threadQuery, useJmap, WINDOW, windowQuery } from "../queries";
import { ListBar } from "./bar";
import { Row } from "./row";
import { useSelection } from "./selection";

const ROW_HEIGHT = 78;
const OVERSCAN = 8;

interface Props {
  accountId: string;
  folder: Folder | undefined;
  filter: Filter;
  isSearch: boolean;
}

export function ConversationList({ accountId, folder, filter, isSearch }: Props) {
  const session = useJmap();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { thread: open, folder: folderId = "" } = useParams({ strict: false });
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [total, setTotal] = useState<number>();
  const list = useMemo(() => ({ accountId, filter }), [accountId, filter]);

  const rows = useVirtualizer({
    count: total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const shown = rows.getVirtualItems();
  const first = Math.floor((shown[0]?.index ?? 0) / WINDOW);
  const last = Math.floor((shown.at(-1)?.index ?? 0) / WINDOW);
  const windows = useQueries({
    queries: Array.from({ length: last - first + 1 }, (_, at) => windowQuery(session, list, first + at)),
  });
  const newest = windows.find((window) => window.data)?.data?.total;
  useEffect(() => {
    if (newest !== undefined) setTotal(newest);
  }, [newest]);

  const lineAt = useCallback(
    (index: number): Line | undefined => windows[Math.floor(index / WINDOW) - first]?.data?.lines[index % WINDOW],
    [windows, first],
  );
  const selection = useSelection(lineAt);
  const isOutgoing = folder?.role === "sent" || folder?.role === "drafts" || folder?.role === "outbox";

  const openAt = useCallback(
    (index: number) => {
      const line = lineAt(index);
      setActive(index);
      rows.scrollToIndex(index);
      if (line)
        void navigate({
          to: "/mail/$account/$folder/$thread",
          params: { account: accountId, folder: folderId, thread: line.threadId },
          search: (before) => before,
        });
    },
    [lineAt, navigate, accountId, folderId, rows],
  );
  const step = useCallback(
    (by: number) => {
      if (!total) return;
      openAt(open === undefined ? active : Math.min(Math.max(active + by, 0), total - 1));
    },
    [total, open, active, openAt],
  );
  useKeys(
    useMemo(
      () => ({
        j: () => step(1),
        k: () => step(-1),
        x: () => selection.toggle(active, false),
        Escape: () => {
          if (selection.lines.length > 0) selection.clear();
          else
            void navigate({
              to: "/mail/$account/$folder",
              params: { account: accountId, folder: folderId },
              search: (before) => before,
            });
        },
      }),
      [step, selection, active, navigate, accountId, folderId],
    ),
  );

  const failed = windows.find((window) => window.error);
  if (failed?.error && total === undefined)
    return <Failed error={failed.error} onRetry={() => void failed.refetch()} />;
  return (
    <>
      <ListBar
        accountId={accountId}
        folder={folder}
        title={isSearch ? t("search.found", { count: total ?? 0 }) : folder ? folderName(folder) : ""}
        detail={isSearch || total === undefined ? "" : t("mail.conversations", { count: total })}
        selection={selection}
      />
      {total === 0 ? (
        <Empty icon={isSearch ? "search" : "inbox"} title={isSearch ? t("search.nothing") : t("mail.empty")} />
      ) : (
        <div
          ref={scroller}
          className="lines"
          role="grid"
          tabIndex={0}
          aria-label={folder ? t("mail.list-of", { folder: folderName(folder) }) : t("mail.list")}
          aria-rowcount={total ?? -1}
          aria-multiselectable="true"
          aria-activedescendant={total ? `line-${active}` : undefined}
          aria-busy={windows.some((window) => window.isPending)}
          onKeyDown={(event) => {
            const steps: Record<string, number> = {
              ArrowDown: 1,
              ArrowUp: -1,
              PageDown: 8,
              PageUp: -8,
              Home: -active,
              End: (total ?? 1) - 1 - active,
            };
            const by = steps[event.key];
            if (by !== undefined && total) {
              event.preventDefault();
              const to = Math.min(Math.max(active + by, 0), total - 1);
              setActive(to);
              rows.scrollToIndex(to);
            } else if (event.key === "Enter" && event.target === event.currentTarget) openAt(active);
            else if (event.key === " " && event.target === event.currentTarget) {
              event.preventDefault();
              selection.toggle(active, event.shiftKey);
            }
          }}
        >
          <div className="lines-all" role="presentation" style={{ height: rows.getTotalSize() }}>
            {shown.map(({ index, start }) => {
              const line = lineAt(index);
              const style = { transform: `translateY(${start}px)`, height: ROW_HEIGHT };
              if (!line) return <div key={index} className="line waiting" style={style} aria-hidden="true" />;
              return (
                <Row
                  key={line.threadId}
                  id={`line-${index}`}
                  line={line}
                  accountId={accountId}
                  folderId={folderId}
                  index={index}
                  isOpen={line.threadId === open}
                  isActive={index === active}
                  isSelected={selection.has(line)}
                  isOutgoing={isOutgoing}
                  style={style}
                  onToggle={(range) => selection.toggle(index, range)}
                  onOpen={() => {
                    setActive(index);
                    void queries.prefetchQuery(threadQuery(session, accountId, line.threadId));
                  }}
                  onDrag={(event) =>
                    setDragged(event.dataTransfer, {
                      accountId,
                      folderId: filter.inMailbox,
                      threadIds: selection.has(line) ? selection.lines.map((one) => one.threadId) : [line.threadId],
                    })
                  }
                />
              );
            })}
          </div>
        </div>
      )}
      <p className="only-read" role="status">
        {total === undefined ? t("state.loading") : intl.formatNumber(total)}
      </p>
    </>
  );
}
