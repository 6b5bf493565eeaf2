//! What the text can look like.

import type { Editor } from "@tiptap/react";
import { useEditorState } from "@tiptap/react";
import { t } from "../../text";
import { IconButton } from "../../ui/button";

export function EditorBar({ editor }: { editor: Editor }) {
  const on = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      bold: now.isActive("bold"),
      italic: now.isActive("italic"),
      list: now.isActive("bulletList"),
      quote: now.isActive("blockquote"),
    }),
  });
  const run = () => editor.chain().focus();
  return (
    <div className="row editor-bar" role="toolbar" aria-label={t("compose.format")}>
      <IconButton icon="bold" tight label={t("compose.bold")} isOn={on.bold} onPress={() => run().toggleBold().run()} />
      <IconButton
        icon="italic"
        tight
        label={t("compose.italic")}
        isOn={on.italic}
        onPress={() => run().toggleItalic().run()}
      />
      <IconButton
        icon="list"
        tight
        label={t("compose.list")}
        isOn={on.list}
        onPress={() => run().toggleBulletList().run()}
      />
      <IconButton
        icon="quote"
        tight
        label={t("compose.quote")}
        isOn={on.quote}
        onPress={() => run().toggleBlockquote().run()}
      />
    </div>
  );
}
