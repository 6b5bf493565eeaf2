//! The frame around mail, console and settings: a sidebar that is a drawer on narrow screens, and the page.

import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { AccountMenu } from "../session/account-menu";
import { t } from "../text";
import { IconButton } from "./button";

interface Props {
  head: ReactNode;
  nav: ReactNode;
  navLabel: string;
  /** What stands beside the menu button on narrow screens. */
  title: string;
  children: ReactNode;
}

export function Shell({ head, nav, navLabel, title, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { href } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: wherever a link leads, the drawer is done with
  useEffect(() => setOpen(false), [href]);
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: KeyboardEvent) => event.key === "Escape" && setOpen(false);
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [isOpen]);

  return (
    <div className="shell">
      <div className="topbar only-narrow">
        <IconButton icon="menu" label={t("app.menu")} aria-expanded={isOpen} onPress={() => setOpen(true)} />
        <strong className="cut">{title}</strong>
      </div>
      {isOpen && (
        <button type="button" className="side-shade" aria-label={t("action.close")} onClick={() => setOpen(false)} />
      )}
      <div className="side" data-open={isOpen}>
        <div className="side-head">{head}</div>
        <nav className="side-scroll" aria-label={navLabel}>
          {nav}
        </nav>
        <div className="side-foot">
          <AccountMenu />
        </div>
      </div>
      {children}
    </div>
  );
}

export function Brand({ children }: { children: ReactNode }) {
  return (
    <span className="brand">
      <img src="/favicon.svg" alt="" />
      {children}
    </span>
  );
}
