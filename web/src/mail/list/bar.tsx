//! Above a list: what it is, or what can be done with what is picked.

import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { Folder } from "../../jmap/types";
import { t } from "../../text";
import { IconButton } from "../../ui/button";
import { Menu } from "../../ui/menu";
import { type Target, useActions } from "../actions";
import { folderIcon, folderName } from "../folder-look";
import { useKeys } from "../keys";
import { inOrder } from "../queries";
import type { Selection } from "./selection";

interface Props {
  accountId: string;
  folder: Folder | undefined;
  title: string;
  detail: string;
  selection: Selection;
}

export function ListBar({ accountId, folder, title, detail, selection }: Props) {
  const actions = useActions(accountId);
  const navigate = useNavigate();
  const { folder: folderId = "" } = useParams({ strict: false });
  const { lines, clear } = selection;
  const trash = actions.folderOf("trash");
  const inTrash = folder?.role === "trash";
  const rights = folder?.myRights;

  const withAll = useCallback(
    async (act: (emails: Target[]) => Promise<boolean>, leaves: boolean) => {
      const emails = await actions.inThreads(
        lines.map((line) => line.threadId),
        folder?.id,
      );
      if (!(await act(emails))) return;
      clear();
      if (leaves)
        void navigate({
          to: "/mail/$account/$folder",
          params: { account: accountId, folder: folderId },
          search: (before) => before,
        });
    },
    [actions, lines, folder, clear, navigate, accountId, folderId],
  );
  useKeys(
    useMemo(
      () =>
        lines.length === 0
          ? {}
          : {
              Delete: !inTrash && trash ? () => void withAll((emails) => actions.move(emails, trash), true) : undefined,
            },
      [lines, inTrash, trash, withAll, actions],
    ),
  );

  if (lines.length === 0)
    return (
      <div className="list-bar">
        <h1 className="cut">{title}</h1>
        <span className="quiet small">{detail}</span>
      </div>
    );
  const targets = inOrder(actions.folders()).filter(
    ({ folder: one }) => one.id !== folder?.id && one.myRights.mayAddItems,
  );
  const inbox = actions.folderOf("inbox");
  return (
    <div className="list-bar" role="toolbar" aria-label={t("mail.picked", { count: lines.length })}>
      <span className="grow cut">{t("mail.picked", { count: lines.length })}</span>
      {rights?.maySetSeen && (
        <>
          <IconButton
            icon="check"
            tight
            label={t("mail.mark-read")}
            onPress={() => void withAll((emails) => actions.seen(emails, true), false)}
          />
          <IconButton
            icon="unread"
            tight
            label={t("mail.mark-unread")}
            onPress={() => void withAll((emails) => actions.seen(emails, false), false)}
          />
        </>
      )}
      {rights?.maySetKeywords && (
        <IconButton
          icon="flag"
          tight
          label={t("mail.flag")}
          onPress={() =>
            void withAll((emails) => actions.flag(emails, !lines.every((line) => line.keywords.$flagged)), false)
          }
        />
      )}
      {rights?.mayRemoveItems && (
        <Menu
          label={t("mail.move")}
          trigger={<IconButton icon="move" tight label={t("mail.move")} />}
          items={targets.map(({ folder: one }) => ({
            id: one.id,
            label: folderName(one),
            icon: folderIcon(one),
            onAction: () => void withAll((emails) => actions.move(emails, one), true),
          }))}
        />
      )}
      {rights?.mayRemoveItems && inTrash && inbox && (
        <IconButton
          icon="restore"
          tight
          label={t("mail.restore")}
          onPress={() => void withAll((emails) => actions.move(emails, inbox), true)}
        />
      )}
      {rights?.mayRemoveItems && !inTrash && trash && (
        <IconButton
          icon="trash"
          tight
          label={t("mail.delete")}
          onPress={() => void withAll((emails) => actions.move(emails, trash), true)}
        />
      )}
      <IconButton icon="close" tight label={t("mail.pick-none")} onPress={clear} />
    </div>
  );
}
