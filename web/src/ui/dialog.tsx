//! Dialogues above the page. Escape and the shade close them, unless something typed would be lost.

import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { t } from "../text";
import { Button, IconButton } from "./button";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  isWide?: boolean;
  /** Something was typed: the shade does not close it, the buttons do. */
  isDirty?: boolean;
}

export function Dialog({ title, isOpen, onClose, children, isWide = false, isDirty = false }: Props) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable={!isDirty}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={isWide ? "dialog wide" : "dialog"}>
        <AriaDialog>
          <header>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon="close" label={t("action.close")} tight onPress={onClose} />
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  action: string;
  isOpen: boolean;
  isDanger?: boolean;
  isBusy?: boolean;
  error?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

/** A question before something that cannot be undone. */
export function Confirm({ title, text, action, isOpen, isDanger, isBusy, error, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <div className="body stack">
        <p>{text}</p>
        {error && (
          <p className="note danger" role="alert">
            {error}
          </p>
        )}
      </div>
      <footer>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button look={isDanger ? "danger" : "primary"} isDisabled={isBusy ?? false} onPress={onConfirm}>
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}
