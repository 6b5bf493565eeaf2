//! Who is signed in, at the foot of every sidebar: theme, own settings, the console, signing out.

import { useMutation, useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { answer, api } from "../api/client";
import { type Session, sessionQuery, useSession } from "../api/session";
import { mailAccountsQuery } from "../mail/available";
import { queries } from "../queries";
import { t } from "../text";
import { chooseTheme, chosenTheme, type Theme } from "../theme";
import { Avatar } from "../ui/avatar";
import { type Item, Menu } from "../ui/menu";
import { messageOf } from "../ui/note";
import { say } from "../ui/toasts";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Administrators, and who manages a mailbox besides their own. */
export function hasConsole(session: Session): boolean {
  return session.privilege === "admin" || session.manages.some((name) => name !== session.name);
}

export function AccountMenu() {
  const session = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [theme, setTheme] = useState(chosenTheme);
  const signOut = useMutation({
    mutationFn: () => answer(api.DELETE("/session")),
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, null);
      void navigate({ to: "/sign-in", search: {} });
    },
    onError: (error) => say(messageOf(error)),
  });

  const { data: hasMail } = useQuery(mailAccountsQuery);
  const items: Item[] = [
    ...(hasMail && !pathname.startsWith("/mail")
      ? [{ id: "mail", label: t("menu.mail"), icon: "inbox" as const, onAction: () => void navigate({ to: "/mail" }) }]
      : []),
    ...(hasConsole(session) && !pathname.startsWith("/console")
      ? [
          {
            id: "console",
            label: t("menu.console"),
            icon: "gauge" as const,
            onAction: () => void navigate({ to: "/console/mailboxes" }),
          },
        ]
      : []),
    { id: "settings", label: t("menu.settings"), icon: "key", onAction: () => void navigate({ to: "/settings" }) },
    ...THEMES.map(
      (one, at): Item => ({
        id: `theme-${one}`,
        label: t(`theme.${one}`),
        icon: "sun",
        isOn: theme === one,
        apart: at === 0,
        onAction: () => {
          chooseTheme(one);
          setTheme(one);
        },
      }),
    ),
    { id: "exit", label: t("menu.sign-out"), icon: "exit", apart: true, onAction: () => signOut.mutate() },
  ];

  return (
    <Menu
      label={t("menu.account")}
      items={items}
      head={<div className="menu-head">{t("menu.signed-in-as", { name: session.name })}</div>}
      trigger={
        <AriaButton className="button plain">
          <Avatar name={session.display_name} />
          <span className="grow cut">{session.display_name}</span>
        </AriaButton>
      }
    />
  );
}
