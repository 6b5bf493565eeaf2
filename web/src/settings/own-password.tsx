//! Changes one's own password: the old one shows that nobody else found the browser open.

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api, Refusal } from "../api/client";
import { sessionQuery, useSession } from "../api/session";
import { useChange } from "../console/queries";
import { t } from "../text";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { messageOf, Note } from "../ui/note";
import { say } from "../ui/toasts";

export function OwnPassword() {
  const { name } = useSession();
  const queries = useQueryClient();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [again, setAgain] = useState("");
  const changing = useChange(
    () =>
      answer(
        api.PUT("/users/{user}/password", {
          params: { path: { user: name } },
          body: { password: wanted, current_password: current },
        }),
      ),
    async () => {
      setCurrent("");
      setWanted("");
      setAgain("");
      say(t("own-password.changed"));
      // Every session of the account ended, this one too.
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  );
  const refusal = changing.error instanceof Refusal ? changing.error : undefined;
  const about = (field: string) => (refusal?.field === field ? refusal.message : undefined);
  const differs = again !== "" && again !== wanted;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (current !== "" && wanted !== "" && again === wanted) changing.mutate(undefined);
  }
  return (
    <form className="panel stack" onSubmit={submit}>
      <div>
        <h2>{t("own-password.title")}</h2>
        <p className="quiet">{t("own-password.text")}</p>
      </div>
      {changing.error && !["current_password", "password"].includes(refusal?.field ?? "") && (
        <Note tone="danger" role="alert">
          {messageOf(changing.error)}
        </Note>
      )}
      <div className="form-grid">
        <Field
          label={t("own-password.current")}
          type="password"
          value={current}
          onChange={setCurrent}
          autoComplete="current-password"
          error={about("current_password")}
        />
        <span />
        <Field
          label={t("own-password.new")}
          type="password"
          value={wanted}
          onChange={setWanted}
          autoComplete="new-password"
          error={about("password")}
        />
        <Field
          label={t("own-password.again")}
          type="password"
          value={again}
          onChange={setAgain}
          autoComplete="new-password"
          error={differs ? t("own-password.differs") : undefined}
        />
      </div>
      <div className="form-end">
        <Button type="submit" isDisabled={changing.isPending || current === "" || wanted === "" || again !== wanted}>
          {t("own-password.action")}
        </Button>
      </div>
    </form>
  );
}
