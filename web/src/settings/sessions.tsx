//! The browsers that are signed in; each can be signed out from here, at once.

import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { useChange } from "../console/queries";
import { fullMoment, t } from "../text";
import { Button } from "../ui/button";
import { Failed, Loading, messageOf, Note } from "../ui/note";

/** `Firefox, Linux` of what a browser calls itself; the whole where it is none of the known. */
export function browserOf(agent: string): string {
  const browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((name) => agent.includes(`${name}/`));
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux"].find((name) => agent.includes(name));
  if (!browser) return agent || t("sessions.unknown");
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera" };
  return [names[browser] ?? browser, system].filter(Boolean).join(", ");
}

export function Sessions() {
  const { data, error, refetch } = useQuery({
    queryKey: ["sessions"],
    queryFn: () => answer(api.GET("/sessions")),
  });
  const ending = useChange((id: number) => answer(api.DELETE("/sessions/{id}", { params: { path: { id } } })));
  const others = useChange(() => answer(api.DELETE("/sessions")));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const failed = ending.error ?? others.error;
  return (
    <section className="panel">
      <h2>{t("sessions.title")}</h2>
      <p>{t("sessions.text")}</p>
      {failed && (
        <Note tone="danger" role="alert">
          {messageOf(failed)}
        </Note>
      )}
      <ul className="people-list">
        {data.map((one) => (
          <li key={one.id} className="row">
            <span className="grow">
              {browserOf(one.user_agent)} {one.current && <span className="tag accent">{t("sessions.this")}</span>}
              <br />
              <span className="quiet small">
                {t("sessions.line", { address: one.address, at: fullMoment(one.last_used_at) })}
              </span>
            </span>
            {!one.current && (
              <Button tight isDisabled={ending.isPending} onPress={() => ending.mutate(one.id)}>
                {t("sessions.end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {data.some((one) => !one.current) && (
        <Button tight isDisabled={others.isPending} onPress={() => others.mutate(undefined)}>
          {t("sessions.end-others")}
        </Button>
      )}
    </section>
  );
}
