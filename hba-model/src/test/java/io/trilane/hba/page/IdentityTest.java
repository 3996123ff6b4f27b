package io.trilane.hba.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IdentityTest {
    @Test
    void nameIsLocallyAssigned() {
        long name = UnitIdentity.ofSerial("A").locallyAssignedName();
        assertThat(name >>> 60).isEqualTo(3);
        assertThat(UnitIdentity.ofSerial("A").locallyAssignedName()).isEqualTo(name);
        assertThat(UnitIdentity.ofSerial("B").locallyAssignedName()).isNotEqualTo(name);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> new UnitIdentity("NINELONGS", "P", "R", "S"))
                .hasMessage("vendorLength=9 not in 1..8, choose a vendor that fits its INQUIRY field");
        assertThatThrownBy(() -> UnitIdentity.ofSerial("")).hasMessageContaining("serialLength=0 not in 1..64");
        assertThatThrownBy(() -> UnitIdentity.ofSerial("ä")).hasMessageContaining("is not printable ASCII");
    }

    @Test
    void refusesLimitsThatContradictEachOther() {
        assertThatThrownBy(() -> new BlockLimits(8, 16, 1, 0, 0)).hasMessage("optimalTransferBlocks=16"
                + " > maximumTransferBlocks=8, lower the first or raise the second");
        assertThatThrownBy(() -> new BlockLimits(-1, 0, 1, 0, 0))
                .hasMessageContaining("maximumTransferBlocks=-1 not in 0..");
    }
}
