package io.trilane.hba.image;

/// An operator's mistake with an image: a wrong path, size or mode. The text names what is wrong and what to do; a
/// command line prints it and nothing else. Never thrown on the data path.
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ImageException(String message) {
        super(message);
    }

    public ImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
