//! One password for each program that signs in by itself. It is shown once, when it is made.

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../api/client";
import { useChange } from "../console/queries";
import { fullMoment, t } from "../text";
import { Button, IconButton } from "../ui/button";
import { Field } from "../ui/field";
import { Failed, Loading, messageOf, Note } from "../ui/note";

export function ApplicationPasswords() {
  const { data, error, refetch } = useQuery({
    queryKey: ["application-passwords"],
    queryFn: () => answer(api.GET("/application-passwords")),
  });
  const [label, setLabel] = useState("");
  const making = useChange(
    (name: string) => answer(api.POST("/application-passwords", { body: { label: name } })),
    () => setLabel(""),
  );
  const revoking = useChange((id: number) =>
    answer(api.DELETE("/application-passwords/{id}", { params: { path: { id } } })),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (label.trim() !== "") making.mutate(label.trim());
  }
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <section className="panel stack">
      <div>
        <h2>{t("app-passwords.title")}</h2>
        <p className="quiet">{t("app-passwords.text")}</p>
      </div>
      {revoking.error && (
        <Note tone="danger" role="alert">
          {messageOf(revoking.error)}
        </Note>
      )}
      {making.data && (
        <Note tone="ok" role="status">
          <p>{t("app-passwords.made")}</p>
          <p>
            <code className="secret">{making.data.password}</code>
          </p>
        </Note>
      )}
      {data.length > 0 && (
        <ul className="people-list">
          {data.map((one) => (
            <li key={one.id} className="row">
              <span className="grow">
                {one.label}
                <br />
                <span className="quiet small">
                  {one.last_used_at
                    ? t("app-passwords.used", { at: fullMoment(one.last_used_at) })
                    : t("app-passwords.unused", { at: fullMoment(one.created_at) })}
                </span>
              </span>
              <IconButton
                icon="trash"
                tight
                label={t("app-passwords.revoke", { label: one.label })}
                onPress={() => revoking.mutate(one.id)}
              />
            </li>
          ))}
        </ul>
      )}
      <form className="row" onSubmit={submit}>
        <Field
          label={t("app-passwords.label")}
          value={label}
          onChange={setLabel}
          placeholder={t("app-passwords.label.example")}
          error={making.error ? messageOf(making.error) : undefined}
        />
        <span className="form-beside">
          <Button type="submit" icon="plus" isDisabled={making.isPending || label.trim() === ""}>
            {t("app-passwords.make")}
          </Button>
        </span>
      </form>
    </section>
  );
}
