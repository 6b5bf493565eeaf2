//! Buttons, also those that show only an icon and say their name in a tooltip.

import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { Icon, type IconName } from "./icons";

type Look = "normal" | "primary" | "danger" | "plain";

interface Props extends Omit<AriaButtonProps, "className" | "children" | "style"> {
  look?: Look;
  tight?: boolean;
  icon?: IconName;
  children: ReactNode;
}

function classes(look: Look, tight: boolean, extra = ""): string {
  return ["button", look === "normal" ? "" : look, tight ? "tight" : "", extra].filter(Boolean).join(" ");
}

export function Button({ look = "normal", tight = false, icon, children, ...rest }: Props) {
  return (
    <AriaButton {...rest} className={classes(look, tight)}>
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style" | "aria-label"> {
  icon: IconName;
  label: string;
  tight?: boolean;
  look?: Look;
  isOn?: boolean;
}

/** The name is read out and shown on hover by the browser itself. */
export function IconButton({ icon, label, tight = false, look = "plain", isOn, ...rest }: IconButtonProps) {
  return (
    <span title={label}>
      <AriaButton
        {...rest}
        aria-label={label}
        {...(isOn === undefined ? {} : { "aria-pressed": isOn })}
        className={classes(look, tight, "icon-only")}
      >
        <Icon name={icon} />
      </AriaButton>
    </span>
  );
}
