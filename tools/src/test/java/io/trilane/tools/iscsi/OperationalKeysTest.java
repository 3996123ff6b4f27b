package io.trilane.tools.iscsi;

import static io.trilane.tools.iscsi.LoginTalk.NAMES;
import static io.trilane.tools.iscsi.LoginTalk.OPERATIONAL;
import static io.trilane.tools.iscsi.LoginTalk.OPERATIONAL_TO_FULL_FEATURE;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.iscsi.LoginTalk.Answer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every key of RFC 7143 13 in the operational stage: what is offered, what is answered, what is agreed upon. The target's own limits are
/// in [LoginTalk#LIMITS].
class OperationalKeysTest {
    private final LoginTalk talk = new LoginTalk();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HeaderDigest       | CRC32C            | CRC32C
            HeaderDigest       | None              | None
            HeaderDigest       | CRC32C,None       | CRC32C
            HeaderDigest       | None,CRC32C       | None
            HeaderDigest       | Y-mine,CRC32C     | CRC32C
            DataDigest         | CRC32C,None       | CRC32C
            DataDigest         | None,CRC32C       | None
            MaxConnections     | 1                 | 1
            MaxConnections     | 65535             | 1
            InitialR2T         | Yes               | Yes
            InitialR2T         | No                | No
            ImmediateData      | Yes               | Yes
            ImmediateData      | No                | No
            MaxBurstLength     | 512               | 512
            MaxBurstLength     | 524288            | 524288
            MaxBurstLength     | 16777215          | 524288
            MaxBurstLength     | 0x10000           | 65536
            FirstBurstLength   | 512               | 512
            FirstBurstLength   | 262144            | 131072
            FirstBurstLength   | 0X200             | 512
            DefaultTime2Wait   | 0                 | 0
            DefaultTime2Wait   | 3600              | 3600
            DefaultTime2Retain | 0                 | 0
            DefaultTime2Retain | 3600              | 0
            MaxOutstandingR2T  | 1                 | 1
            MaxOutstandingR2T  | 65535             | 4
            DataPDUInOrder     | Yes               | Yes
            DataPDUInOrder     | No                | Yes
            DataSequenceInOrder | Yes               | Yes
            DataSequenceInOrder | No                | Yes
            ErrorRecoveryLevel | 0                 | 0
            ErrorRecoveryLevel | 2                 | 0
            TaskReporting      | RFC3720           | RFC3720
            TaskReporting      | FastAbort,RFC3720 | RFC3720
            iSCSIProtocolLevel | 0                 | 0
            iSCSIProtocolLevel | 1                 | 1
            iSCSIProtocolLevel | 2                 | 1
            IFMarker           | No                | No
            IFMarker           | Yes               | No
            OFMarker           | Yes               | No
            IFMarkInt          | 2048~8192         | Reject
            OFMarkInt          | 2048              | Reject
            X-com.example.key  | anything          | NotUnderstood
            NoSuchKey          | 1                 | NotUnderstood
            headerdigest       | None              | NotUnderstood
            RDMAExtensions     | Yes               | NotUnderstood
            """)
    void answersTheOffer(String key, String offer, String expected) {
        Answer answer = talk.loginAtOnce(key + "=" + offer);

        assertThat(answer.status()).isZero();
        assertThat(answer.value(key)).isEqualTo(expected);
        assertThat(answer.step().finished()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HeaderDigest=Other", "HeaderDigest=", "HeaderDigest=crc32c", "DataDigest=Y-a,Y-b",
            "MaxConnections=0", "MaxConnections=65536", "InitialR2T=yes", "InitialR2T=1", "ImmediateData=",
            "MaxRecvDataSegmentLength=511", "MaxRecvDataSegmentLength=16777216", "MaxBurstLength=511",
            "MaxBurstLength=16777216", "MaxBurstLength=-1", "MaxBurstLength=+512", "MaxBurstLength= 512",
            "MaxBurstLength=512,1024", "MaxBurstLength=0x", "MaxBurstLength=99999999999999999999",
            "MaxBurstLength=999999999999999999999", "MaxBurstLength=4294968320", "FirstBurstLength=0",
            "DefaultTime2Wait=3601", "DefaultTime2Retain=3601", "MaxOutstandingR2T=0", "DataPDUInOrder=Maybe",
            "DataSequenceInOrder=", "ErrorRecoveryLevel=3", "TaskReporting=FastAbort", "iSCSIProtocolLevel=32",
            "IFMarker=Perhaps", "MaxBurstLength=NotUnderstood", "MaxBurstLength=\u0665\u0661\u0662"})
    void rejectsTheValueAndEndsTheLogin(String pair) {
        Answer answer = talk.loginAtOnce(pair, "X-after=1");

        assertThat(answer.status()).isEqualTo(0x0200);
        assertThat(answer.value(pair.substring(0, pair.indexOf('=')))).isEqualTo("Reject");
        assertThat(answer.value("X-after")).isEqualTo("NotUnderstood");
        assertThat(talk.sessions.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"InitiatorAlias=somebody", "X#NodeArchitecture=linux", "MaxRecvDataSegmentLength=65536",
            "TargetAlias=NotUnderstood", "SessionType=Normal"})
    void declarationsHaveNoAnswer(String pair) {
        Answer answer = talk.loginAtOnce(pair);

        assertThat(answer.status()).isZero();
        assertThat(answer.text()).containsExactly("TargetAlias=A disk", "TargetPortalGroupTag=1",
                "MaxRecvDataSegmentLength=131072");
    }

    @Test
    void refusesAnAliasOfMoreThan255Bytes() {
        assertThat(talk.loginAtOnce("InitiatorAlias=" + "a".repeat(256)).status()).isEqualTo(0x0200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MaxConnections=1", "InitialR2T=No", "ImmediateData=Yes", "MaxBurstLength=512",
            "FirstBurstLength=512", "MaxOutstandingR2T=1", "DataPDUInOrder=Yes", "DataSequenceInOrder=Yes",
            "TaskReporting=RFC3720", "iSCSIProtocolLevel=1"})
    void aDiscoverySessionHasNoUseFor(String pair) {
        Answer answer = talk.send(OPERATIONAL_TO_FULL_FEATURE, "InitiatorName=" + LoginTalk.INITIATOR,
                "SessionType=Discovery", pair);

        assertThat(answer.status()).isZero();
        assertThat(answer.value(pair.substring(0, pair.indexOf('=')))).isEqualTo("Irrelevant");
    }

    @Test
    void whatIsAgreedUponIsWhatWasAnswered() {
        SessionParameters agreed = talk.loginAtOnce("HeaderDigest=CRC32C,None", "DataDigest=CRC32C",
                "FirstBurstLength=20000", "MaxBurstLength=30000", "InitialR2T=No", "ImmediateData=No",
                "MaxRecvDataSegmentLength=4096", "MaxOutstandingR2T=3", "DefaultTime2Wait=7", "DefaultTime2Retain=9")
                .step().finished();

        assertThat(agreed).isEqualTo(new SessionParameters(LoginTalk.INITIATOR, LoginTalk.TARGET, false,
                0x8000_1234_5678L, 1, 1, true, true, 4096, 131072, 30000, 20000, false, false, 3, 7, 0));
    }

    @Test
    void theFirstBurstNeverExceedsABurstInWhateverOrderTheyCome() {
        Answer inOneRequest = talk.loginAtOnce("FirstBurstLength=65536", "MaxBurstLength=4096");
        assertThat(inOneRequest.value("FirstBurstLength")).isEqualTo("4096");

        LoginTalk other = new LoginTalk();
        other.send(OPERATIONAL, NAMES, "FirstBurstLength=65536");
        SessionParameters agreed = other.send(OPERATIONAL_TO_FULL_FEATURE, "MaxBurstLength=4096").step().finished();
        assertThat(agreed).extracting(SessionParameters::firstBurstLength).isEqualTo(4096);
    }

    @Test
    void theFirstBurstIsIrrelevantWhereNothingComesUnasked() {
        assertThat(talk.loginAtOnce("FirstBurstLength=65536", "InitialR2T=Yes", "ImmediateData=No")
                .value("FirstBurstLength")).isEqualTo("Irrelevant");
    }

    @Test
    void aTargetThatWantsToAskForAllDataSaysSo() {
        LoginPolicy policy = LoginPolicy.open(new LoginPolicy.Limits(65536, 262144, 65536, 1, true));
        Answer answer = new LoginTalk(policy, new SessionRegistry(), new Random(1)).loginAtOnce("InitialR2T=No");

        assertThat(answer.value("InitialR2T")).isEqualTo("Yes");
        assertThat(answer.step().finished()).extracting(SessionParameters::initialR2t).isEqualTo(true);
    }

    @Test
    void answersWhatTheCommonInitiatorsAsk() {
        Answer answer = talk.loginAtOnce("SessionType=Normal", "HeaderDigest=None,CRC32C", "DataDigest=None",
                "InitialR2T=No", "ImmediateData=Yes", "MaxBurstLength=262144", "FirstBurstLength=262144",
                "DefaultTime2Wait=2", "DefaultTime2Retain=0", "MaxOutstandingR2T=1", "ErrorRecoveryLevel=0",
                "IFMarker=No", "OFMarker=No", "MaxConnections=1", "MaxRecvDataSegmentLength=262144",
                "DataPDUInOrder=Yes", "DataSequenceInOrder=Yes");

        assertThat(answer.text()).containsExactly("TargetAlias=A disk", "TargetPortalGroupTag=1", "HeaderDigest=None",
                "DataDigest=None", "InitialR2T=No", "ImmediateData=Yes", "MaxBurstLength=262144",
                "DefaultTime2Wait=2", "DefaultTime2Retain=0", "MaxOutstandingR2T=1", "ErrorRecoveryLevel=0",
                "IFMarker=No", "OFMarker=No", "MaxConnections=1", "DataPDUInOrder=Yes", "DataSequenceInOrder=Yes",
                "FirstBurstLength=131072", "MaxRecvDataSegmentLength=131072");
    }
}
