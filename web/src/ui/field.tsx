//! Fields of forms: a label, the input, what it is for, what is wrong with it.

import { type ReactNode, useId } from "react";
import {
  Checkbox as AriaCheckbox,
  type CheckboxProps,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from "react-aria-components";
import { Icon } from "./icons";

interface Props extends Omit<TextFieldProps, "className" | "style" | "children"> {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  placeholder?: string;
  long?: boolean;
}

export function Field({ label, hint, error, placeholder, long, ...rest }: Props) {
  const place = placeholder === undefined ? {} : { placeholder };
  return (
    <TextField {...rest} isInvalid={error !== undefined} className="field" validationBehavior="aria">
      <Label>{label}</Label>
      {long ? <TextArea className="textarea" {...place} /> : <Input className="input" {...place} />}
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      {error !== undefined && <FieldError className="error">{error}</FieldError>}
    </TextField>
  );
}

export function Check({
  children,
  ...rest
}: Omit<CheckboxProps, "className" | "style" | "children"> & { children: ReactNode }) {
  return (
    <AriaCheckbox {...rest} className="check">
      {({ isSelected, isIndeterminate }) => (
        <>
          <span className="box" aria-hidden="true">
            {isIndeterminate ? <Icon name="minus" /> : isSelected && <Icon name="check" />}
          </span>
          <span>{children}</span>
        </>
      )}
    </AriaCheckbox>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
  hint?: ReactNode;
  isDisabled?: boolean;
}

/** One of a few: the browser's own list, which phones and screen readers know best. */
export function Choice<T extends string>({ label, value, options, onChange, hint, isDisabled }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        disabled={isDisabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => {
          const picked = options.find(([option]) => option === event.target.value);
          if (picked) onChange(picked[0]);
        }}
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
