//! Short notes at the bottom: what was just done, with a way to take it back.

import { useSyncExternalStore } from "react";
import { t } from "../text";
import { Button, IconButton } from "./button";

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

const SHOWN_FOR = 8_000;
let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(to: readonly Toast[]): void {
  toasts = to;
  for (const listener of listeners) listener();
}

export function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Shows a note; at most three stand there at once. */
export function say(text: string, action?: Toast["action"]): number {
  const toast: Toast = { id: next, text, ...(action ? { action } : {}) };
  next += 1;
  change([...toasts.slice(-2), toast]);
  setTimeout(() => dismiss(toast.id), SHOWN_FOR);
  return toast.id;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section className="toasts" aria-live="polite" aria-label={t("state.notices")}>
      {shown.map((toast) => (
        <div className="toast" key={toast.id}>
          <span className="grow">{toast.text}</span>
          {toast.action && (
            <Button
              look="plain"
              tight
              onPress={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <IconButton icon="close" label={t("action.dismiss")} tight onPress={() => dismiss(toast.id)} />
        </div>
      ))}
    </section>
  );
}
