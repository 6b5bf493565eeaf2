//! Which rights: presets for the usual, single rights for the rest.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isMessage, t } from "../text";
import { Button } from "../ui/button";
import { Check } from "../ui/field";
import { type Right, rightsQuery } from "./queries";

const GROUPS = ["folder", "message", "attachment", "send", "calendar", "contacts", "tasks", "mailbox"] as const;

/** Presets in the order people reach for them; any other the server knows stands behind. */
const USUAL = ["agent", "viewer", "send_only", "send_on_behalf", "full_access", "manager"];

export function presetLabel(name: string): string {
  const id = `preset.${name}`;
  return isMessage(id) ? t(id) : name;
}

function sameSet(some: ReadonlySet<string>, others: readonly string[]): boolean {
  return some.size === others.length && others.every((one) => some.has(one));
}

/** The name of the preset these rights are, or undefined. */
export function usePresetOf(): (rights: readonly string[]) => string | undefined {
  const { data } = useQuery(rightsQuery);
  return (rights) => {
    const held = new Set(rights);
    const found = data?.presets.filter((preset) => sameSet(held, preset.rights)).map((preset) => preset.name) ?? [];
    return found.sort((a, b) => rank(a) - rank(b))[0];
  };
}

function rank(name: string): number {
  const at = USUAL.indexOf(name);
  return at < 0 ? USUAL.length : at;
}

interface Props {
  rights: readonly Right[];
  onChange: (rights: Right[]) => void;
  /** Single rights are shown at once. */
  isOpen?: boolean;
}

export function RightsPicker({ rights, onChange, isOpen = false }: Props) {
  const { data } = useQuery(rightsQuery);
  const [open, setOpen] = useState(isOpen);
  const held = new Set<string>(rights);
  // A preset with the same rights as another is the same to whoever picks.
  const presets = [...(data?.presets ?? [])]
    .sort((a, b) => rank(a.name) - rank(b.name))
    .filter((preset, at, all) => all.findIndex((other) => sameSet(new Set(other.rights), preset.rights)) === at);

  return (
    <div className="stack">
      <fieldset className="presets">
        <legend className="label only-read">{t("rights.presets")}</legend>
        {presets.map((preset) => {
          const isOn = sameSet(held, preset.rights);
          return (
            <Button
              key={preset.name}
              tight
              icon={isOn ? "check" : "plus"}
              aria-pressed={isOn}
              onPress={() => onChange([...preset.rights])}
            >
              {presetLabel(preset.name)}
            </Button>
          );
        })}
        <Button tight look="plain" aria-expanded={open} onPress={() => setOpen(!open)}>
          {open ? t("rights.fewer") : t("rights.single", { count: held.size })}
        </Button>
      </fieldset>
      {open && (
        <div className="rights-grid">
          {GROUPS.map((group) => {
            const ofGroup = data?.rights.filter(({ right }) => right.startsWith(`${group}.`)) ?? [];
            if (ofGroup.length === 0) return null;
            return (
              <fieldset key={group}>
                <h3>{t(`rights.group.${group}`)}</h3>
                {ofGroup.map(({ right, gives }) => (
                  <Check
                    key={right}
                    isSelected={held.has(right)}
                    onChange={(on) => {
                      const all = data?.rights.map((one) => one.right) ?? [];
                      onChange(all.filter((one) => (one === right ? on : held.has(one))));
                    }}
                  >
                    {gives}
                    <br />
                    <code className="quiet small">{right}</code>
                  </Check>
                ))}
              </fieldset>
            );
          })}
        </div>
      )}
    </div>
  );
}
