//! The sign-in. The password goes into one request and nowhere else; what comes back is a cookie no script can read.

import { useMutation } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { answer, api } from "../api/client";
import { sessionQuery } from "../api/session";
import { queries } from "../queries";
import { t } from "../text";
import { useTitle } from "../title";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { messageOf, Note } from "../ui/note";

export function SignIn() {
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  useTitle(t("sign-in.title"));

  const signIn = useMutation({
    mutationFn: () => answer(api.POST("/session", { body: { login: login.trim(), password } })),
    onSuccess: async (session) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      await router.navigate({ href: next ?? "/", replace: true });
    },
    onError: () => setPassword(""),
  });
  const { error } = signIn;
  useEffect(() => {
    // Whoever mistyped goes on where they have to type.
    if (error) document.querySelector<HTMLInputElement>("input[type=password]")?.focus();
  }, [error]);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (login.trim() !== "" && password !== "") signIn.mutate();
  }

  return (
    <main className="gate" id="main">
      <form className="card stack" onSubmit={submit}>
        <div className="brand">
          <img src="/favicon.svg" alt="" />
          {t("app.name")}
        </div>
        <h1>{t("sign-in.heading")}</h1>
        {error && (
          <Note tone="danger" role="alert">
            {messageOf(error)}
          </Note>
        )}
        <Field
          label={t("sign-in.login")}
          value={login}
          onChange={setLogin}
          autoComplete="username"
          autoFocus
          isRequired
          inputMode="email"
          spellCheck="false"
        />
        <Field
          label={t("sign-in.password")}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          isRequired
        />
        <Button type="submit" look="primary" isDisabled={signIn.isPending}>
          {signIn.isPending ? t("sign-in.working") : t("sign-in.action")}
        </Button>
      </form>
    </main>
  );
}
