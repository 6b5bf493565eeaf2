//! The plan: how many shared mailboxes are included, and how many there may be.

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api, type Schemas } from "../api/client";
import { t } from "../text";
import { Button } from "../ui/button";
import { Check, Field } from "../ui/field";
import { Failed, Loading, messageOf, Note } from "../ui/note";
import { say } from "../ui/toasts";
import { PageHead } from "./page-head";
import { planQuery, useChange } from "./queries";

export function PlanScreen() {
  const { data, error, refetch } = useQuery(planQuery);
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      <PageHead title={t("plan.title")} text={t("plan.about")} />
      <Form key={JSON.stringify(data)} plan={data} />
    </>
  );
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}

function Form({ plan }: { plan: Schemas["Plan"] }) {
  const limits = plan.shared_mailboxes ?? undefined;
  const [isLimited, setLimited] = useState(limits !== undefined);
  const [included, setIncluded] = useState(String(limits?.included ?? 2));
  const [maximum, setMaximum] = useState(String(limits?.maximum ?? 10));
  const [includes, most] = [wholeNumber(included), wholeNumber(maximum)];
  const saving = useChange(
    (body: Schemas["Plan"]) => answer(api.PUT("/plan", { body })),
    () => say(t("state.saved")),
  );
  const isWrong = isLimited && (includes === undefined || most === undefined);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isLimited) saving.mutate({ shared_mailboxes: null });
    else if (includes !== undefined && most !== undefined)
      saving.mutate({ shared_mailboxes: { included: includes, maximum: most } });
  }
  return (
    <form className="panel stack" onSubmit={submit}>
      {saving.error && (
        <Note tone="danger" role="alert">
          {messageOf(saving.error)}
        </Note>
      )}
      <Check isSelected={isLimited} onChange={setLimited}>
        {t("plan.limited")}
      </Check>
      {isLimited && (
        <div className="form-grid">
          <Field
            label={t("plan.included")}
            value={included}
            onChange={setIncluded}
            inputMode="numeric"
            hint={t("plan.included.hint")}
            error={includes === undefined ? t("plan.number") : undefined}
          />
          <Field
            label={t("plan.maximum")}
            value={maximum}
            onChange={setMaximum}
            inputMode="numeric"
            hint={t("plan.maximum.hint")}
            error={most === undefined ? t("plan.number") : undefined}
          />
        </div>
      )}
      <div className="form-end">
        <Button type="submit" look="primary" isDisabled={saving.isPending || isWrong}>
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}
