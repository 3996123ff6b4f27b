package io.trilane.engine;

/// Hears of targets that come, go, or change. Called on the control role: must not block, and must not call the engine.
/// Hand the news to a thread of your own.
public interface TargetListener {
    /// What has happened to a target.
    enum Change {
        /// It is present now.
        CREATED,
        /// It has gone.
        DESTROYED,
        /// Its controller said that its media parameters have changed, and it was asked anew.
        MEDIA_CHANGED
    }

    void onTarget(long targetId, Change change);
}
