package io.trilane.tools.lab.check;

/// A file that is no controller description at all: not there, too large, not YAML, or of another shape. The message is one
/// sentence for the operator; a command that ends so has the exit code 2.
final class UnreadableDescriptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnreadableDescriptionException(String message) {
        super(Finding.printable(message));
    }

    static UnreadableDescriptionException at(int line, String message) {
        return new UnreadableDescriptionException("line " + line + ": " + message);
    }
}
