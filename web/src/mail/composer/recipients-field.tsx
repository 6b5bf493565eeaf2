//! A field for recipients: what is an address becomes a tag, what is none stays as it was typed.

import { type KeyboardEvent, useId, useState } from "react";
import type { Address } from "../../jmap/types";
import { t } from "../../text";
import { Icon } from "../../ui/icons";
import { addressesIn, written } from "./draft";

interface Props {
  label: string;
  addresses: Address[];
  onChange: (addresses: Address[]) => void;
  /** What was typed and is no address (yet). */
  rest: string;
  onRest: (rest: string) => void;
  autoFocus?: boolean;
}

export function RecipientsField({ label, addresses, onChange, rest, onRest, autoFocus }: Props) {
  const id = useId();
  const [isWrong, setWrong] = useState(false);
  function take() {
    const read = addressesIn(rest);
    if (read.addresses.length > 0) onChange([...addresses, ...read.addresses]);
    onRest(read.rest);
    setWrong(read.rest !== "");
  }
  function pressed(event: KeyboardEvent) {
    if (event.key === "Enter" || event.key === "," || event.key === ";") {
      if (rest.trim() === "") return;
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && rest === "") onChange(addresses.slice(0, -1));
  }
  return (
    <div className="compose-row">
      <label htmlFor={id}>{label}</label>
      <div className="recipients">
        {addresses.map((one, at) => (
          <span className="tag" key={`${at} ${one.email}`} title={written(one)}>
            {one.name || one.email}
            <button
              type="button"
              aria-label={t("picker.remove", { name: written(one) })}
              onClick={() => onChange(addresses.filter((_, other) => other !== at))}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
        <input
          id={id}
          value={rest}
          // biome-ignore lint/a11y/noAutofocus: somebody who opens a new mail types whom it is for
          autoFocus={autoFocus}
          autoComplete="off"
          spellCheck={false}
          inputMode="email"
          aria-invalid={isWrong}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          onChange={(event) => {
            onRest(event.target.value);
            setWrong(false);
          }}
          onKeyDown={pressed}
          onBlur={take}
          onPaste={(event) => {
            const text = event.clipboardData.getData("text");
            const read = addressesIn(text);
            if (read.addresses.length === 0) return;
            event.preventDefault();
            onChange([...addresses, ...read.addresses]);
            onRest(read.rest);
          }}
        />
        {isWrong && (
          <span className="error" id={`${id}-wrong`}>
            {t("compose.no-address")}
          </span>
        )}
      </div>
    </div>
  );
}
