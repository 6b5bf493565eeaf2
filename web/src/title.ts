//! The title of the browser's tab.

import { useEffect } from "react";
import { t } from "./text";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
}
