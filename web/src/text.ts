//! All words on the screen come from the message files in `messages/`; this gives them out, typed by their keys.

import { createIntl, createIntlCache, type IntlShape } from "react-intl";
import english from "./messages/en.json";

export type MessageId = keyof typeof english;
export type Values = Record<string, string | number | Date>;

const cache = createIntlCache();

/** The only language for now. Dates and numbers follow the browser where it speaks English too. */
function locale(): string {
  const wanted = typeof navigator === "undefined" ? "en" : navigator.language;
  return wanted.startsWith("en") ? wanted : "en";
}

export const intl: IntlShape = createIntl({ locale: locale(), defaultLocale: "en", messages: english }, cache);

/** A message in words. */
export function t(id: MessageId, values?: Values): string {
  return intl.formatMessage({ id }, values);
}

export function isMessage(id: string): id is MessageId {
  return id in english;
}

const KILO = 1024;

/** Octets as people read them. */
export function size(octets: number): string {
  let value = octets;
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  let at = 0;
  while (value >= KILO && at < units.length - 1) {
    value /= KILO;
    at += 1;
  }
  const digits = at > 0 && value < 10 ? 1 : 0;
  return intl.formatNumber(value, {
    style: "unit",
    unit: units[at] ?? "byte",
    unitDisplay: at === 0 ? "long" : "short",
    maximumFractionDigits: digits,
  });
}

/** The time of something, the shorter the nearer it is. */
export function moment(at: number | string | Date, now = Date.now()): string {
  const date = new Date(at);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) {
    return intl.formatTime(date, { hour: "2-digit", minute: "2-digit" });
  }
  const sameYear = date.getFullYear() === today.getFullYear();
  return intl.formatDate(date, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

export function fullMoment(at: number | string | Date): string {
  return intl.formatDate(new Date(at), {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}
