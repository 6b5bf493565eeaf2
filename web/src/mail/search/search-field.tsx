//! The search: words, chips that stand in it as tags, and where to look.

import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { t } from "../../text";
import { IconButton } from "../../ui/button";
import { Icon } from "../../ui/icons";
import { Menu } from "../../ui/menu";
import { type Chip, readSearch, writeSearch } from "./query";

export type Where = "folder" | "mailbox" | "all";

export function chipLabel({ key, value }: Chip): string {
  if (key === "has") return t("search.chip.has");
  if (key === "is") return t(`search.chip.${value as "unread" | "read" | "flagged"}`);
  return t(`search.chip.${key}`, { value });
}

const QUICK: readonly Chip[] = [
  { key: "is", value: "unread" },
  { key: "is", value: "flagged" },
  { key: "has", value: "attachment" },
];

export function SearchField() {
  const { q = "", where = "mailbox" } = useSearch({ from: "/inside/mail/$account/$folder" });
  const { account, folder } = useParams({ from: "/inside/mail/$account/$folder" });
  const navigate = useNavigate();
  const search = readSearch(q);
  const [words, setWords] = useState(search.words);
  useEffect(() => setWords(readSearch(q).words), [q]);

  function go(text: string, to: Where = where) {
    void navigate({
      to: "/mail/$account/$folder",
      params: { account, folder },
      search: text.trim() === "" ? {} : { q: text.trim(), where: to },
    });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    // Chips may be typed too; they come out of the words.
    const typed = readSearch(words);
    go(writeSearch({ words: typed.words, chips: [...search.chips, ...typed.chips] }));
  }

  return (
    <search className="search">
      <form className="search-box" onSubmit={submit}>
        <Icon name="search" />
        {search.chips.map((chip) => (
          <span className="tag accent" key={`${chip.key}:${chip.value}`}>
            {chipLabel(chip)}
            <button
              type="button"
              aria-label={t("search.chip.remove", { chip: chipLabel(chip) })}
              onClick={() =>
                go(
                  writeSearch({
                    words,
                    chips: search.chips.filter(
                      (one) => one !== chip && !(one.key === chip.key && one.value === chip.value),
                    ),
                  }),
                )
              }
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
        <input
          id="search"
          type="search"
          aria-label={t("search.label")}
          placeholder={t("search.placeholder")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Backspace" && words === "" && search.chips.length > 0)
              go(writeSearch({ words, chips: search.chips.slice(0, -1) }));
            if (event.key === "Escape") {
              if (q === "") event.currentTarget.blur();
              else go("");
            }
          }}
        />
        {q !== "" && <IconButton icon="close" tight label={t("search.clear")} onPress={() => go("")} />}
        <Menu
          label={t("search.narrow")}
          trigger={<IconButton icon="settings" tight label={t("search.narrow")} />}
          items={[
            ...QUICK.map((chip) => ({
              id: `${chip.key}-${chip.value}`,
              label: chipLabel(chip),
              isOn: search.chips.some((one) => one.key === chip.key && one.value === chip.value),
              onAction: () =>
                go(writeSearch({ words, chips: [...search.chips.filter((one) => one.key !== chip.key), chip] })),
            })),
            ...(["folder", "mailbox", "all"] as const).map((one, at) => ({
              id: one,
              label: t(`search.where.${one}`),
              isOn: where === one,
              apart: at === 0,
              onAction: () => go(q === "" ? words : q, one),
            })),
          ]}
        />
      </form>
    </search>
  );
}
