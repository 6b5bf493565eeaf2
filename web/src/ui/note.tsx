//! What the app says about itself: notes, refusals with a way on, nothing to show, still loading.

import type { ReactNode } from "react";
import { Refusal } from "../api/client";
import { t } from "../text";
import { Button } from "./button";
import { Icon, type IconName } from "./icons";

type Tone = "plain" | "danger" | "warn" | "ok";

export function Note({
  tone = "plain",
  children,
  role,
}: {
  tone?: Tone;
  children: ReactNode;
  role?: "alert" | "status";
}) {
  const icon: IconName = tone === "danger" || tone === "warn" ? "warning" : tone === "ok" ? "check" : "info";
  return (
    <div className={`note ${tone}`} role={role}>
      <Icon name={icon} />
      <div className="grow">{children}</div>
    </div>
  );
}

/** What the server (or the network) refused, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : t("problem.unknown");
}

export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const missing = error instanceof Refusal && (error.status === 403 || error.status === 404);
  return (
    <div className="empty" role="alert">
      <Icon name={missing ? "role" : "warning"} />
      <h2>{missing ? t("problem.not-for-you") : t("problem.title")}</h2>
      <p>{messageOf(error)}</p>
      {onRetry && !missing && <Button onPress={onRetry}>{t("action.retry")}</Button>}
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Loading() {
  return (
    <p className="loading" role="status">
      {t("state.loading")}
    </p>
  );
}
