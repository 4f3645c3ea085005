using System.Text.Json;
using Movento.Edge.Observation.Playbacks;
using Movento.Harness;

namespace Movento.Edge.Tests.Observation;

public class ClientDataReaderTests
{
    [Fact]
    public void Read_VersionOne_HasEveryKey()
    {
        var data = Read("""bl=21300,br=3200,bs,cid="a,b",com.example-x="y",d=4004,dl=18500,mtp=25400,nor="..%2F2.m4s",nrr="0-99",ot=v,pr=1.25,rtp=12000,sf=h,sid="6e2f",st=l,su,tb=6000""");
        Assert.Equal("6e2f", new string(data.SessionId));
        Assert.Equal((21300, 3200, 4004, 25400, 6000), (data.BufferLength, data.Bitrate, data.Duration, data.Throughput, data.TopBitrate));
        Assert.True(data.IsStarved && data.IsStartup);
        Assert.Equal((ObjectType.Video, 'h', 'l', 1), (data.ObjectType, data.StreamingFormat, data.StreamType, data.Version));
        Assert.Equal((ClientData.Unsaid, ClientData.Unsaid, '\0'), (data.StartDelay, data.StarvationDuration, data.State));
    }

    [Fact]
    public void Read_VersionTwo_TakesThePicturesOfALists()
    {
        var data = Read("""bl=(9000;a 21300;v),br=(128;a),bs=(?1;v),bsa=(3),bsda=(4500;v),bsd=(250;v),dfa=7,ec=("a)b" "c"),msd=900,sta=r,ts=1700000000000,v=2,sid="x";p=1""");
        Assert.Equal((21300, 128, 250, 3, 4500, 7, 900), (
            data.BufferLength, data.Bitrate, data.StarvationDuration, data.Starvations, data.StarvationsDuration, data.DroppedFrames, data.StartDelay));
        Assert.True(data.IsStarved && data.HasError);
        Assert.Equal(('r', 1_700_000_000_000, 2), (data.State, data.Timestamp, data.Version));
        Assert.Equal("x", new string(data.SessionId));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",, ,")]
    [InlineData("bl=-1")]
    [InlineData("bl=1e9")]
    [InlineData("bl=99999999999999999999999")]
    [InlineData("bl=NaN")]
    [InlineData("bl=\"5\"")]
    [InlineData("bl=()")]
    [InlineData("bl=(\"5\")")]
    [InlineData("bl")]
    [InlineData("BL=5")]
    [InlineData("bl=five")]
    public void Read_AValueOfTheWrongKind_IsPassedOver(string text) => Assert.Equal(ClientData.Unsaid, Read(text).BufferLength);

    [Theory]
    [InlineData("=5")]
    [InlineData("bl=")]
    [InlineData("bl=,br=5")]
    [InlineData("sid=\"x")]
    [InlineData("sid=\"x\\")]
    [InlineData("sid=\"x\"y")]
    [InlineData("bl=(5")]
    [InlineData("bl=5;a=")]
    [InlineData("a b=5")]
    [InlineData("\"sid\"=5")]
    [InlineData("(bl)=5")]
    [InlineData("bl=5 6")]
    public void Read_WhatIsNoList_IsRefused(string text)
    {
        var data = new ClientData();
        Assert.False(ClientDataReader.TryRead(text, ref data));
    }

    [Fact]
    public void Read_ASessionIdThatIsTooLong_HasNone() => Assert.True(Read($"sid=\"{new string('x', 65)}\"").SessionId.IsEmpty);

    [Fact]
    public void Read_AnyLetters_EndsWithoutAnException()
    {
        const string letters = "abcdsi=,;()\"\\ ?1%5.-";
        var random = new Random(5004);
        var text = new char[40];
        for (var round = 0; round < 200_000; round++)
        {
            var length = random.Next(text.Length);
            for (var index = 0; index < length; index++) text[index] = letters[random.Next(letters.Length)];
            var data = new ClientData();
            ClientDataReader.TryRead(text.AsSpan(0, length), ref data);
        }
    }

    [Theory]
    [InlineData("/a/b?CMCD=bl%3D5%2Csid%3D%22x%22", "bl=5,sid=\"x\"")]
    [InlineData("/a/b?x=1&CMCD=bl%3d5&CMCD=bl%3D6", "bl=5")]
    [InlineData("/a/b?CMCD=bl=5", "bl=5")]
    [InlineData("/a/b?CMCD=", "")]
    [InlineData("/a/b?CMCD=%c3%A9", "\u00c3\u00a9")]
    [InlineData("/a/b?XCMCD=bl%3D5", null)]
    [InlineData("/a/b?cmcd=bl%3D5", null)]
    [InlineData("/CMCD=bl", null)]
    [InlineData("/a/b?CMCD=%3", null)]
    [InlineData("/a/b?CMCD=%zz", null)]
    public void Query_OfATarget_IsFoundAndDecoded(string target, string? expected)
    {
        Span<char> text = stackalloc char[ClientDataQuery.MaxLength];
        var length = 0;
        var isRead = ClientDataQuery.TryFind(target, out var value) && ClientDataQuery.TryDecode(value, text, out length);
        Assert.Equal(expected, isRead ? new string(text[..length]) : null);
    }

    [Fact]
    public void Query_LongerThanTheBound_IsRefused()
    {
        Span<char> text = stackalloc char[ClientDataQuery.MaxLength];
        Assert.True(ClientDataQuery.TryDecode(new string('x', ClientDataQuery.MaxLength), text, out _));
        Assert.False(ClientDataQuery.TryDecode(new string('x', ClientDataQuery.MaxLength + 1), text, out _));
    }

    [Fact]
    public async Task Read_WhatTheCommonMediaLibraryWrites_IsWhatItMeant()
    {
        using var cases = JsonDocument.Parse(await Tool.OutputAsync("node", Repository.Combine("tests", "npm", "outside", "cmcd.mjs"), "300"));
        var read = 0;
        foreach (var version in cases.RootElement.EnumerateArray().SelectMany(each => each.EnumerateObject()).Select(property => property.Value))
        {
            var said = version.GetProperty("said");
            AssertReads(said, hasTime: false, Decode(version.GetProperty("query").GetString()!));
            AssertReads(said, hasTime: false, [.. version.GetProperty("fields").EnumerateObject().Select(field => field.Value.GetString()!)]);
            if (version.TryGetProperty("line", out var line)) AssertReads(said, hasTime: true, line.GetString()!);
            read++;
        }

        Assert.Equal(600, read);
    }

    [Fact]
    public void Read_OfAQuery_AllocatesNothing()
    {
        const string target = "/x?CMCD=bl%3D21300%2Cbr%3D%283200%3Bv%20128%3Ba%29%2Cbs%2Cd%3D4004%2Cmtp%3D25400%2Cot%3Dv%2Csf%3Dh%2Csid%3D%226e2f%22%2Csta%3Dp%2Ctb%3D6000%2Cv%3D2";
        Assert.Equal(0, Allocations.Of(() => Read()));

        static void Read()
        {
            Span<char> text = stackalloc char[ClientDataQuery.MaxLength];
            scoped var data = new ClientData();
            Assert.True(ClientDataQuery.TryFind(target, out var value) && ClientDataQuery.TryDecode(value, text, out var length) && ClientDataReader.TryRead(text[..length], ref data));
        }
    }

    private static string Decode(string query)
    {
        Span<char> text = stackalloc char[ClientDataQuery.MaxLength];
        Assert.True(ClientDataQuery.TryFind("/x?" + query, out var value));
        Assert.True(ClientDataQuery.TryDecode(value, text, out var length));
        return new string(text[..length]);
    }

    private static void AssertReads(JsonElement said, bool hasTime, params string[] texts)
    {
        var data = new ClientData();
        foreach (var text in texts) Assert.True(ClientDataReader.TryRead(text, ref data), text);
        Assert.Equal(said.GetProperty("sid").GetString(), new string(data.SessionId));
        foreach (var (key, value) in new[]
        {
            ("br", data.Bitrate), ("tb", data.TopBitrate), ("d", data.Duration), ("bl", data.BufferLength), ("mtp", data.Throughput),
            ("bsd", data.StarvationDuration), ("bsa", data.Starvations), ("bsda", data.StarvationsDuration), ("msd", data.StartDelay), ("dfa", data.DroppedFrames),
            ("ts", hasTime ? data.Timestamp : said.TryGetProperty("ts", out var ts) ? ts.GetInt64() : ClientData.Unsaid),
        })
        {
            Assert.Equal(said.TryGetProperty(key, out var number) ? number.GetInt64() : ClientData.Unsaid, value);
        }

        Assert.Equal(said.TryGetProperty("bs", out _), data.IsStarved);
        Assert.Equal(said.TryGetProperty("su", out _), data.IsStartup);
        Assert.Equal(Text("sf"), Letter(data.StreamingFormat));
        Assert.Equal(Text("st"), Letter(data.StreamType));
        Assert.Equal(Text("sta"), Letter(data.State));
        Assert.Equal(Text("ot") switch { "v" or "av" => ObjectType.Video, "a" => ObjectType.Audio, _ => ObjectType.Other }, data.ObjectType);
        Assert.Equal(said.TryGetProperty("v", out var version) ? version.GetInt64() : 1, data.Version);

        string Text(string key) => said.TryGetProperty(key, out var text) ? text.GetString()! : "";

        static string Letter(char letter) => letter == '\0' ? "" : letter.ToString();
    }

    private static ClientData Read(string text)
    {
        var data = new ClientData();
        Assert.True(ClientDataReader.TryRead(text, ref data), text);
        return data;
    }
}
