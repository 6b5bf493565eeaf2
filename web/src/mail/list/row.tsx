//! One conversation in a list.

import { Link } from "@tanstack/react-router";
import type { CSSProperties, DragEvent, MouseEvent } from "react";
import type { Address, EmailLine } from "../../jmap/types";
import { fullMoment, moment, t } from "../../text";
import { Avatar } from "../../ui/avatar";
import { Icon } from "../../ui/icons";
import type { Line } from "../queries";

export function nameOf(address: Address | undefined): string {
  if (!address) return t("mail.unknown-sender");
  return address.name?.trim() || address.email;
}

/** Who it is with: the sender, or in Sent and Drafts the recipients. */
export function withWhom(email: EmailLine, isOutgoing: boolean): string {
  if (!isOutgoing) return nameOf(email.from?.[0]);
  const to = email.to ?? [];
  return to.length === 0 ? t("mail.no-recipient") : t("mail.to", { names: to.map(nameOf).join(", ") });
}

interface Props {
  line: Line;
  accountId: string;
  folderId: string;
  index: number;
  id: string;
  isOpen: boolean;
  isActive: boolean;
  isSelected: boolean;
  isOutgoing: boolean;
  style: CSSProperties;
  onToggle: (range: boolean) => void;
  onDrag: (event: DragEvent) => void;
  onOpen: () => void;
}

export function Row(props: Props) {
  const { line, accountId, folderId, index, id, isOpen, isActive, isSelected, isOutgoing, style } = props;
  const isUnread = line.keywords.$seen !== true;
  const who = withWhom(line, isOutgoing);
  const subject = line.subject?.trim() || t("mail.no-subject");
  function click(event: MouseEvent) {
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      props.onToggle(event.shiftKey);
    } else props.onOpen();
  }
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus and names its active row
    <div
      id={id}
      className="line"
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      data-open={isOpen}
      data-active={isActive}
      data-unread={isUnread}
      style={style}
      draggable
      onDragStart={props.onDrag}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div role="gridcell" className="line-mark">
        <button
          type="button"
          tabIndex={-1}
          className="pick"
          aria-pressed={isSelected}
          aria-label={t("mail.select", { subject })}
          onClick={(event) => props.onToggle(event.shiftKey)}
        >
          {isSelected ? <Icon name="check" /> : <Avatar name={who} />}
        </button>
      </div>
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div role="gridcell" className="line-main">
        <Link
          to="/mail/$account/$folder/$thread"
          params={{ account: accountId, folder: folderId, thread: line.threadId }}
          search={(before) => before}
          tabIndex={-1}
          className="line-link"
          draggable={false}
          onClick={click}
        >
          <span className="line-top">
            {isUnread && <span className="only-read">{t("mail.unread")}, </span>}
            <span className="line-who cut">{who}</span>
            {line.count > 1 && <span className="line-count">{line.count}</span>}
            <time dateTime={line.receivedAt} title={fullMoment(line.receivedAt)}>
              {moment(line.receivedAt)}
            </time>
          </span>
          <span className="line-subject">
            <span className="cut grow">{subject}</span>
            {line.keywords.$answered && <Icon name="reply" />}
            {line.hasAttachment && <Icon name="clip" />}
            {line.keywords.$flagged && (
              <span className="flagged">
                <Icon name="flag" />
                <span className="only-read">{t("mail.flagged")}</span>
              </span>
            )}
          </span>
          <span className="line-preview cut">{line.preview}</span>
        </Link>
      </div>
    </div>
  );
}
