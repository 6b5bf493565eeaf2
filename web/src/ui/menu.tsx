//! Menus that open at a button.

import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { Icon, type IconName } from "./icons";

export interface Item {
  id: string;
  label: string;
  icon?: IconName;
  isDanger?: boolean;
  isOn?: boolean;
  keys?: string;
  isDisabled?: boolean;
  /** A line stands above it. */
  apart?: boolean;
  onAction: () => void;
}

export function Menu({
  label,
  trigger,
  items,
  head,
}: {
  label: string;
  trigger: ReactNode;
  items: Item[];
  head?: ReactNode;
}) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="popover">
        {head}
        <AriaMenu
          aria-label={label}
          className="menu"
          disabledKeys={items.filter((item) => item.isDisabled).map((item) => item.id)}
        >
          {items.flatMap((item) => [
            ...(item.apart ? [<Separator key={`${item.id}-line`} className="menu-line" />] : []),
            <MenuItem
              key={item.id}
              id={item.id}
              textValue={item.label}
              className={item.isDanger ? "menu-item danger" : "menu-item"}
              onAction={item.onAction}
            >
              {item.icon && <Icon name={item.icon} />}
              <span className="grow">{item.label}</span>
              {item.isOn && <Icon name="check" />}
              {item.keys && <kbd>{item.keys}</kbd>}
            </MenuItem>,
          ])}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
