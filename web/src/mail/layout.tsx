//! Mail: the mailboxes at the side, a list, and what was opened from it.

import { useQueries } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { t } from "../text";
import { Button } from "../ui/button";
import { Brand, Shell } from "../ui/shell";
import { ComposerDock } from "./composer/dock";
import { composeNew } from "./composer/open";
import { useKeys } from "./keys";
import { useLive } from "./live";
import { accountsOf, canSend, foldersQuery, useJmap } from "./queries";
import { ShortcutHelp } from "./shortcut-help";
import { Sidebar } from "./sidebar";

export function MailLayout() {
  const session = useJmap();
  useLive(session);
  const accounts = useMemo(() => accountsOf(session), [session]);
  const folders = useQueries({
    queries: accounts.map((account) => foldersQuery(session, account.id)),
  });
  const { account } = useParams({ strict: false });
  const navigate = useNavigate();
  const [helping, setHelping] = useState(false);
  const current = accounts.find((one) => one.id === account) ?? accounts[0];
  const sends = canSend(session);
  const compose = useCallback(() => {
    if (current && sends) composeNew(current.id);
  }, [current, sends]);
  useKeys(
    useMemo(
      () => ({
        c: compose,
        "?": () => setHelping(true),
        "/": () => document.getElementById("search")?.focus(),
      }),
      [compose],
    ),
  );

  return (
    <Shell
      title={current?.name ?? t("app.name")}
      navLabel={t("mail.mailboxes")}
      head={
        <>
          <Brand>{t("app.name")}</Brand>
          {sends && (
            <Button look="primary" tight icon="draft" onPress={compose}>
              {t("compose.new")}
            </Button>
          )}
        </>
      }
      nav={
        <Sidebar
          accounts={accounts.map((one, at) => ({
            ...one,
            folders: folders[at]?.data ?? [],
            error: folders[at]?.error ?? null,
          }))}
          onMoved={() =>
            void navigate({
              to: "/mail/$account/$folder",
              params: (before) => ({ account: before.account ?? "", folder: before.folder ?? "" }),
            })
          }
        />
      }
    >
      <Outlet />
      <ComposerDock />
      <ShortcutHelp isOpen={helping} onClose={() => setHelping(false)} />
    </Shell>
  );
}
