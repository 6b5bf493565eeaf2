//! What the keys do.

import { t } from "../text";
import { Dialog } from "../ui/dialog";

const KEYS = [
  ["c", "compose"],
  ["/", "search"],
  ["j", "next"],
  ["k", "previous"],
  ["x", "select"],
  ["r", "reply"],
  ["a", "reply-all"],
  ["f", "forward"],
  ["s", "flag"],
  ["u", "unread"],
  ["Delete", "delete"],
  ["Escape", "back"],
  ["?", "help"],
] as const;

export function ShortcutHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title={t("keys.title")} isOpen={isOpen} onClose={onClose}>
      <dl className="body keys">
        {KEYS.map(([key, does]) => (
          <div key={key} className="row">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`keys.${does}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
