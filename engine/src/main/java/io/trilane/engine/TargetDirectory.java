package io.trilane.engine;

import io.trilane.engine.controller.HbaProperty;
import io.trilane.engine.controller.TargetProperty;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of the HBA and of each target that is present. Any thread.
final class TargetDirectory {
    private final Map<HbaProperty, String> hba = new EnumMap<>(HbaProperty.class);
    private final Map<Long, TargetInfo> targets = new HashMap<>();
    private volatile TargetListener listener = (_, _) -> {};

    /// Hears of every change from now on. Any thread.
    void setListener(TargetListener newListener) {
        listener = newListener;
    }

    synchronized void setHba(Map<HbaProperty, String> properties) {
        hba.putAll(properties);
    }

    synchronized void removeHba(Set<HbaProperty> properties) {
        hba.keySet().removeAll(properties);
    }

    synchronized Map<HbaProperty, String> hba() {
        return Map.copyOf(hba);
    }

    synchronized Optional<TargetInfo> target(long targetId) {
        return Optional.ofNullable(targets.get(targetId));
    }

    /// Control role: null forgets the target.
    void put(long targetId, @Nullable TargetInfo info) {
        TargetInfo before = replace(targetId, info);
        if (info != null) {
            listener.onTarget(targetId,
                    before == null ? TargetListener.Change.CREATED : TargetListener.Change.MEDIA_CHANGED);
        } else if (before != null) {
            listener.onTarget(targetId, TargetListener.Change.DESTROYED);
        }
    }

    private synchronized @Nullable TargetInfo replace(long targetId, @Nullable TargetInfo info) {
        return info == null ? targets.remove(targetId) : targets.put(targetId, info);
    }

    /// False when there is no such target.
    synchronized boolean setProperties(long targetId, Map<TargetProperty, String> properties) {
        TargetInfo info = targets.get(targetId);
        if (info == null) {
            return false;
        }
        Map<TargetProperty, String> all = new EnumMap<>(TargetProperty.class);
        all.putAll(info.properties());
        all.putAll(properties);
        targets.put(targetId, info.withProperties(all));
        return true;
    }

    /// False when there is no such target.
    synchronized boolean removeProperties(long targetId, Set<TargetProperty> properties) {
        TargetInfo info = targets.get(targetId);
        if (info == null) {
            return false;
        }
        Map<TargetProperty, String> left = new EnumMap<>(TargetProperty.class);
        left.putAll(info.properties());
        left.keySet().removeAll(properties);
        targets.put(targetId, info.withProperties(left));
        return true;
    }
}
