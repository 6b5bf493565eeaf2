//! Conversations dragged from a list onto a folder.

export const DRAGGED = "application/x-postroom-conversations";

export interface Dragged {
  accountId: string;
  folderId: string | undefined;
  threadIds: string[];
}

/** The account stands in a type too: while something is dragged only types can be read. */
export function setDragged(transfer: DataTransfer, dragged: Dragged): void {
  transfer.setData(DRAGGED, JSON.stringify(dragged));
  transfer.setData(`${DRAGGED}-${dragged.accountId.toLowerCase()}`, "");
  transfer.effectAllowed = "move";
}

export function draggedOf(transfer: DataTransfer): Dragged | undefined {
  const text = transfer.getData(DRAGGED);
  return text === "" ? undefined : (JSON.parse(text) as Dragged);
}
