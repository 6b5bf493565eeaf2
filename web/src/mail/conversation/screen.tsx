//! A conversation: its messages from the oldest to the newest, and what can be done with all of them.

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Email } from "../../jmap/types";
import { t } from "../../text";
import { IconButton } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Menu } from "../../ui/menu";
import { Empty, Failed, Loading } from "../../ui/note";
import { useActions } from "../actions";
import { forward, openDraft, reply } from "../composer/open";
import { folderIcon, folderName } from "../folder-look";
import { useKeys } from "../keys";
import { canSend, foldersQuery, inOrder, threadQuery, useJmap } from "../queries";
import { MessageView } from "./message";

export function ConversationScreen() {
  const session = useJmap();
  const { account, folder: folderId, thread } = useParams({ from: "/inside/mail/$account/$folder/$thread" });
  const { data: emails, error, refetch } = useQuery(threadQuery(session, account, thread));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!emails) return <Loading />;
  if (emails.length === 0) return <Empty icon="inbox" title={t("mail.gone")} />;
  return <Conversation key={thread} accountId={account} folderId={folderId} emails={emails} />;
}

interface Props {
  accountId: string;
  folderId: string;
  emails: Email[];
}

function Conversation({ accountId, folderId, emails }: Props) {
  const session = useJmap();
  const actions = useActions(accountId);
  const navigate = useNavigate();
  const { data: folders = [] } = useQuery(foldersQuery(session, accountId));
  const folder = folders.find((one) => one.id === folderId);
  const trash = folders.find((one) => one.role === "trash");
  const inbox = folders.find((one) => one.role === "inbox");
  const [destroying, setDestroying] = useState(false);
  // In Deleted Items a conversation is what was deleted of it, elsewhere what was not.
  const shown = useMemo(
    () =>
      emails.filter((email) =>
        folder?.role === "trash"
          ? email.mailboxIds[folderId]
          : !trash || Object.keys(email.mailboxIds).some((id) => id !== trash.id),
      ),
    [emails, folder, folderId, trash],
  );
  const here = shown.filter((email) => email.mailboxIds[folderId]);
  const moved = here.length > 0 ? here : shown;
  const answered = canSend(session)
    ? (shown.filter((email) => !email.keywords.$draft).at(-1) ?? shown.at(-1))
    : undefined;
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set([...shown.filter((email) => !email.keywords.$seen), ...shown.slice(-1)].map((email) => email.id)),
  );

  // Opening a conversation reads it, once, if one may say so.
  const read = useRef(false);
  const maySee = folder?.myRights.maySetSeen;
  useEffect(() => {
    if (!maySee || read.current) return;
    read.current = true;
    const unread = shown.filter((email) => !email.keywords.$seen);
    if (unread.length > 0) void actions.seen(unread, true);
  }, [maySee, shown, actions]);

  const leave = () =>
    void navigate({
      to: "/mail/$account/$folder",
      params: { account: accountId, folder: folderId },
      search: (before) => before,
    });
  const remove = () => {
    if (folder?.role === "trash") setDestroying(true);
    else if (trash) void actions.move(moved, trash).then((done) => done && leave());
  };
  const isFlagged = shown.some((email) => email.keywords.$flagged);
  const markUnread = () => {
    const last = shown.at(-1);
    if (last) void actions.seen([last], false).then(leave);
  };
  const rights = folder?.myRights;
  const mayRemove = rights?.mayRemoveItems ?? false;
  useKeys({
    r: answered && (() => reply(session, accountId, answered, false)),
    a: answered && (() => reply(session, accountId, answered, true)),
    f: answered && (() => forward(session, accountId, answered)),
    s: rights?.maySetKeywords ? () => void actions.flag(isFlagged ? shown : shown.slice(-1), !isFlagged) : undefined,
    u: rights?.maySetSeen ? markUnread : undefined,
    Delete: mayRemove ? remove : undefined,
  });

  const subject = shown.at(-1)?.subject?.trim() || t("mail.no-subject");
  return (
    <article className="conversation" aria-label={subject}>
      <div className="reading-bar no-print" role="toolbar" aria-label={t("mail.conversation-actions")}>
        <span className="only-narrow">
          <IconButton icon="back" label={t("mail.back")} onPress={leave} />
        </span>
        {answered && (
          <>
            <IconButton
              icon="reply"
              label={t("mail.reply")}
              onPress={() => reply(session, accountId, answered, false)}
            />
            <IconButton
              icon="reply-all"
              label={t("mail.reply-all")}
              onPress={() => reply(session, accountId, answered, true)}
            />
            <IconButton
              icon="forward"
              label={t("mail.forward")}
              onPress={() => forward(session, accountId, answered)}
            />
            <span className="bar-gap" />
          </>
        )}
        {rights?.maySetKeywords && (
          <IconButton
            icon="flag"
            label={isFlagged ? t("mail.unflag") : t("mail.flag")}
            isOn={isFlagged}
            onPress={() => void actions.flag(isFlagged ? shown : shown.slice(-1), !isFlagged)}
          />
        )}
        {rights?.maySetSeen && <IconButton icon="unread" label={t("mail.mark-unread")} onPress={markUnread} />}
        {mayRemove && (
          <Menu
            label={t("mail.move")}
            trigger={<IconButton icon="move" label={t("mail.move")} />}
            items={inOrder(folders)
              .filter(({ folder: one }) => one.id !== folderId && one.myRights.mayAddItems)
              .map(({ folder: one }) => ({
                id: one.id,
                label: folderName(one),
                icon: folderIcon(one),
                onAction: () => void actions.move(moved, one).then((done) => done && leave()),
              }))}
          />
        )}
        {mayRemove && folder?.role === "trash" && inbox && (
          <IconButton
            icon="restore"
            label={t("mail.restore")}
            onPress={() => void actions.move(moved, inbox).then((done) => done && leave())}
          />
        )}
        {mayRemove && (
          <IconButton
            icon="trash"
            label={folder?.role === "trash" ? t("mail.destroy") : t("mail.delete")}
            onPress={remove}
          />
        )}
      </div>
      <h1 className="subject">{subject}</h1>
      <div className="messages">
        {shown.map((email) => (
          <MessageView
            key={email.id}
            accountId={accountId}
            email={email}
            isOpen={open.has(email.id)}
            onToggle={() =>
              setOpen((before) => {
                const next = new Set(before);
                if (!next.delete(email.id)) next.add(email.id);
                return next;
              })
            }
            onEditDraft={() => openDraft(session, accountId, email)}
          />
        ))}
      </div>
      <Confirm
        title={t("mail.destroy.sure", { count: moved.length })}
        text={t("mail.destroy.text")}
        action={t("mail.destroy")}
        isDanger
        isOpen={destroying}
        onClose={() => setDestroying(false)}
        onConfirm={() => {
          setDestroying(false);
          void actions.destroy(moved.map((email) => email.id)).then((done) => done && leave());
        }}
      />
    </article>
  );
}
