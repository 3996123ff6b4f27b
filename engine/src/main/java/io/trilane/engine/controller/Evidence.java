package io.trilane.engine.controller;

/// How well something about macOS is known. Printed wherever a consequence is told.
public enum Evidence {
    /// Apple's headers, class documentation or open source say so.
    DOCUMENTED("documented"),
    /// A third-party driver writer or a forum post reports it.
    FIELD_REPORT("field report"),
    /// Follows from the sources that are open; nobody has written that he saw it.
    INFERRED("inferred");

    private final String text;

    Evidence(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
