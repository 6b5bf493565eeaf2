//! Which conversations are picked. Shift picks from the last one picked to this one.

import { useCallback, useMemo, useState } from "react";
import type { Line } from "../queries";

export interface Selection {
  lines: readonly Line[];
  has: (line: Line) => boolean;
  toggle: (index: number, range: boolean) => void;
  clear: () => void;
}

export function useSelection(lineAt: (index: number) => Line | undefined): Selection {
  const [picked, setPicked] = useState<ReadonlyMap<string, Line>>(new Map());
  const [last, setLast] = useState<number>();
  const toggle = useCallback(
    (index: number, range: boolean) => {
      const line = lineAt(index);
      if (!line) return;
      setPicked((before) => {
        const next = new Map(before);
        if (range && last !== undefined) {
          for (let at = Math.min(last, index); at <= Math.max(last, index); at += 1) {
            const between = lineAt(at);
            if (between) next.set(between.threadId, between);
          }
        } else if (!next.delete(line.threadId)) next.set(line.threadId, line);
        return next;
      });
      setLast(index);
    },
    [lineAt, last],
  );
  const clear = useCallback(() => {
    setPicked(new Map());
    setLast(undefined);
  }, []);
  return useMemo(
    () => ({ lines: [...picked.values()], has: (line: Line) => picked.has(line.threadId), toggle, clear }),
    [picked, toggle, clear],
  );
}
