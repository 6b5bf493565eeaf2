//! The round picture of a person and the square one of a shared mailbox: initials in a colour that stays theirs.

const TONES = 6;

function toneOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum % TONES;
}

export function initials(name: string): string {
  const words = name
    .replace(/[<>"'()]/g, " ")
    .trim()
    .split(/[\s@._-]+/)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return (
    letters
      .map((word) => [...(word ?? "")][0] ?? "")
      .join("")
      .toUpperCase() || "?"
  );
}

export function Avatar({ name, square = false, small = false }: { name: string; square?: boolean; small?: boolean }) {
  const shape = `${square ? " square" : ""}${small ? " small" : ""}`;
  return (
    <span className={`avatar tone-${toneOf(name)}${shape}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
