//! All mailboxes that one may enter: one's own first, then the shared ones, each with its folders and what is unread.

import { Link, useParams } from "@tanstack/react-router";
import { type DragEvent, useState } from "react";
import type { Folder } from "../jmap/types";
import { intl, t } from "../text";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";
import { Menu } from "../ui/menu";
import { messageOf } from "../ui/note";
import { useActions } from "./actions";
import { DRAGGED, draggedOf } from "./drag";
import { folderIcon, folderName, waiting } from "./folder-look";
import { type Account, inOrder } from "./queries";

export interface AccountWithFolders extends Account {
  folders: Folder[];
  error: Error | null;
}

const CLOSED = "closed-mailboxes";
const OPENED = "opened-mailboxes";

function kept(key: string): string[] {
  return (localStorage.getItem(key) ?? "").split(" ").filter(Boolean);
}

/** A mailbox whose grant does not make it appear by itself: the server subscribes to none of its folders. */
function waitsToBeOpened({ folders, isPersonal }: AccountWithFolders): boolean {
  return !isPersonal && folders.length > 0 && folders.every((folder) => !folder.isSubscribed);
}

export function Sidebar({ accounts, onMoved }: { accounts: AccountWithFolders[]; onMoved: () => void }) {
  const own = accounts.filter((account) => account.isPersonal);
  const [opened, setOpened] = useState(() => kept(OPENED));
  const isHidden = (account: AccountWithFolders) => waitsToBeOpened(account) && !opened.includes(account.id);
  const shared = accounts.filter((account) => !account.isPersonal && !isHidden(account));
  const others = accounts.filter(isHidden);
  function open(id: string) {
    localStorage.setItem(OPENED, [...opened, id].join(" "));
    setOpened([...opened, id]);
  }
  return (
    <>
      {own.map((account) => (
        <Mailbox key={account.id} account={account} onMoved={onMoved} />
      ))}
      {shared.length > 0 && <h2 className="nav-title">{t("mail.shared")}</h2>}
      {shared.map((account) => (
        <Mailbox key={account.id} account={account} onMoved={onMoved} />
      ))}
      {others.length > 0 && (
        <Menu
          label={t("mail.open-another")}
          trigger={
            <Button look="plain" tight icon="plus">
              {t("mail.open-another")}
            </Button>
          }
          items={others.map(({ id, name }) => ({ id, label: name, icon: "inbox" as const, onAction: () => open(id) }))}
        />
      )}
    </>
  );
}

function Mailbox({ account, onMoved }: { account: AccountWithFolders; onMoved: () => void }) {
  const [isOpen, setOpen] = useState(() => !kept(CLOSED).includes(account.id));
  const inbox = account.folders.find((folder) => folder.role === "inbox");
  const unread = inbox ? waiting(inbox) : 0;
  function toggle() {
    const rest = kept(CLOSED).filter((id) => id !== account.id);
    localStorage.setItem(CLOSED, (isOpen ? [...rest, account.id] : rest).join(" "));
    setOpen(!isOpen);
  }
  return (
    <section className="mailbox">
      <button type="button" className="mailbox-head" aria-expanded={isOpen} onClick={toggle}>
        <Avatar name={account.name} square={!account.isPersonal} small />
        <span className="grow cut">{account.name}</span>
        {!isOpen && unread > 0 && <Unread count={unread} />}
        <Icon name={isOpen ? "down" : "right"} />
      </button>
      {account.error && <p className="error nav-error">{messageOf(account.error)}</p>}
      {isOpen && (
        <ul>
          {inOrder(account.folders).map(({ folder, depth }) => (
            <FolderLink key={folder.id} account={account} folder={folder} depth={depth} onMoved={onMoved} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Unread({ count }: { count: number }) {
  return (
    // The blank keeps the number apart from the name where they are read out.
    <span className="unread-count">
      {" "}
      {intl.formatNumber(count)}
      <span className="only-read"> {t("mail.unread")}</span>
    </span>
  );
}

interface FolderLinkProps {
  account: Account;
  folder: Folder;
  depth: number;
  onMoved: () => void;
}

function FolderLink({ account, folder, depth, onMoved }: FolderLinkProps) {
  const actions = useActions(account.id);
  const [isOver, setOver] = useState(false);
  const { thread } = useParams({ strict: false });
  const count = waiting(folder);
  const takes = (event: DragEvent) =>
    folder.myRights.mayAddItems &&
    event.dataTransfer.types.includes(DRAGGED) &&
    event.dataTransfer.types.includes(`${DRAGGED}-${account.id.toLowerCase()}`);

  async function drop(event: DragEvent) {
    setOver(false);
    const dragged = draggedOf(event.dataTransfer);
    if (!dragged || dragged.accountId !== account.id || dragged.folderId === folder.id) return;
    event.preventDefault();
    const emails = await actions.inThreads(dragged.threadIds, dragged.folderId);
    if ((await actions.move(emails, folder)) && thread !== undefined && dragged.threadIds.includes(thread)) onMoved();
  }

  return (
    <li>
      <Link
        to="/mail/$account/$folder"
        params={{ account: account.id, folder: folder.id }}
        className={isOver ? "nav-link folder drop" : "nav-link folder"}
        style={{ paddingLeft: 9 + depth * 16 }}
        data-waiting={count > 0}
        onDragOver={(event) => {
          if (!takes(event)) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => void drop(event)}
      >
        <Icon name={folderIcon(folder)} />
        <span className="grow cut">{folderName(folder)}</span>
        {count > 0 && <Unread count={count} />}
      </Link>
    </li>
  );
}
