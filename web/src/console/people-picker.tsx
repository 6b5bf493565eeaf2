//! Picks several people or roles by typing a part of their name: an input that suggests, and what was picked as tags.

import { useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { t } from "../text";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";

export interface Candidate {
  id: string;
  name: string;
  detail: string;
  isRole?: boolean;
}

interface Props {
  label: string;
  hint?: string;
  candidates: readonly Candidate[];
  picked: readonly string[];
  onChange: (picked: string[]) => void;
}

export function PeoplePicker({ label, hint, candidates, picked, onChange }: Props) {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const open = candidates.filter(
    ({ id, name, detail }) =>
      !picked.includes(id) && [id, name, detail].some((text) => text.toLowerCase().includes(wanted)),
  );
  const known = new Map(candidates.map((candidate) => [candidate.id, candidate]));

  return (
    <div className="field">
      <ComboBox
        className="field"
        items={open.slice(0, 60)}
        inputValue={typed}
        onInputChange={setTyped}
        selectedKey={null}
        onSelectionChange={(key) => {
          if (key === null) return;
          onChange([...picked, String(key)]);
          setTyped("");
        }}
        menuTrigger="focus"
        allowsEmptyCollection
      >
        <Label>{label}</Label>
        <Input className="input" placeholder={t("picker.placeholder")} />
        {hint && (
          <Text slot="description" className="hint">
            {hint}
          </Text>
        )}
        <Popover className="popover">
          <ListBox<Candidate> className="menu" renderEmptyState={() => <p className="menu-head">{t("picker.none")}</p>}>
            {(candidate) => (
              <ListBoxItem id={candidate.id} textValue={candidate.name} className="menu-item">
                {candidate.isRole ? <Icon name="role" /> : <Avatar name={candidate.name} small />}
                <span className="grow cut">{candidate.name}</span>
                <span className="quiet small">{candidate.detail}</span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      {picked.length > 0 && (
        <ul className="picked" aria-label={t("picker.picked", { label })}>
          {picked.map((id) => {
            const name = known.get(id)?.name ?? id;
            return (
              <li className="tag" key={id}>
                {known.get(id)?.isRole && <Icon name="role" />}
                {name}
                <button
                  type="button"
                  aria-label={t("picker.remove", { name })}
                  onClick={() => onChange(picked.filter((other) => other !== id))}
                >
                  <Icon name="close" />
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
