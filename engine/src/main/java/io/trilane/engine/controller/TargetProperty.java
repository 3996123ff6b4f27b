package io.trilane.engine.controller;

/// What a controller may say of a target (`driverkit.md` 1.4, `UserSetTargetProperties`). Values are text.
public enum TargetProperty {
    SAS_ADDRESS, FC_NODE_WORLD_WIDE_NAME, FC_PORT_WORLD_WIDE_NAME, FC_ADDRESS_IDENTIFIER, FC_ALPA
}
