//! The raw source of a message, as it arrived.

import { useQuery } from "@tanstack/react-query";
import { OWN_HEADER, refusalOf } from "../../api/client";
import { t } from "../../text";
import { Dialog } from "../../ui/dialog";
import { Failed, Loading } from "../../ui/note";

/** More than this makes browsers slow; the .eml has all of it. */
const MOST_SHOWN = 500_000;

export function Source({ url, onClose }: { url: string; onClose: () => void }) {
  const { data, error } = useQuery({
    queryKey: ["source", url],
    queryFn: async () => {
      const response = await fetch(url, { headers: OWN_HEADER });
      if (!response.ok) throw refusalOf(response.status, null);
      return response.text();
    },
  });
  return (
    <Dialog title={t("mail.source")} isOpen onClose={onClose} isWide>
      <div className="body">
        {error ? (
          <Failed error={error} />
        ) : data === undefined ? (
          <Loading />
        ) : (
          <pre className="source">{data.slice(0, MOST_SHOWN)}</pre>
        )}
        {data !== undefined && data.length > MOST_SHOWN && <p className="hint">{t("mail.source.cut")}</p>}
      </div>
    </Dialog>
  );
}
