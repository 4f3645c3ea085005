using System.Text.Json.Nodes;
using Movento.Harness;
using Movento.Hosting;
using Movento.Secrets;

namespace Movento.Tests.Secrets;

public sealed class SecretsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Combine("secrets.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Change_AddUseDrop_RotatesAndLeavesTheRestAlone()
    {
        var before = SecretsFile.ReadOrCreate(Path);
        var added = SecretsFile.Change(Path, file => file.WithNewPlaybackKey());
        Assert.Equal(new byte[] { 1, 2 }, added.PlaybackKeys.Keys.Order());
        Assert.Equal(1, added.PlaybackKey);
        Assert.NotEqual(added.PlaybackKeys[1], added.PlaybackKeys[2]);
        SecretsFile.Change(Path, file => file.WithPlaybackKey(2));
        SecretsFile.Change(Path, file => file.WithoutPlaybackKey(1));

        var after = SecretsFile.Read(Path);
        Assert.Equal(2, after.PlaybackKey);
        Assert.Equal(new byte[] { 2 }, after.PlaybackKeys.Keys);
        Assert.Equal(before.ContentKeySecret, after.ContentKeySecret);
        Assert.Equal(before.AccessTokenKeys, after.AccessTokenKeys);
        Assert.Equal(before.OperatorPassword, after.OperatorPassword);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Change_WhatCannotBe_IsRefusedAndChangesNothing()
    {
        SecretsFile.ReadOrCreate(Path);
        var before = File.ReadAllBytes(Path);
        Assert.Throws<StartException>(() => SecretsFile.Change(Path, file => file.WithoutPlaybackKey(1)));
        Assert.Throws<StartException>(() => SecretsFile.Change(Path, file => file.WithoutPlaybackKey(9)));
        Assert.Throws<StartException>(() => SecretsFile.Change(Path, file => file.WithPlaybackKey(9)));
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void NewKey_AfterTheLastId_BeginsAgainAtTheFirstFreeOne()
    {
        var file = SecretsFile.ReadOrCreate(Path) with { PlaybackKey = 255, PlaybackKeys = new Dictionary<byte, byte[]> { [255] = new byte[32], [0] = new byte[32] } };
        Assert.Equal(new byte[] { 0, 1, 255 }, file.WithNewPlaybackKey().PlaybackKeys.Keys.Order());
    }

    [Fact]
    public void NewKey_BesideTooMany_IsRefused()
    {
        var file = SecretsFile.ReadOrCreate(Path);
        for (var keys = 1; keys < SecretsFile.MaxPlaybackKeys; keys++) file = file.WithNewPlaybackKey();
        Assert.Throws<StartException>(() => file.WithNewPlaybackKey());
    }

    [Fact]
    public void CommonAccessTokenKeys_InTheFile_AreInTheRing()
    {
        SecretsFile.ReadOrCreate(Path);
        var json = JsonNode.Parse(File.ReadAllText(Path))!;
        json["commonAccessTokenKeys"] = new JsonArray(
            new JsonObject { ["id"] = "one", ["issuer"] = "eyevinn", ["secret"] = Convert.ToBase64String(new byte[32]) },
            new JsonObject { ["id"] = "two", ["secret"] = Convert.ToBase64String(new byte[64]) });
        File.WriteAllText(Path, json.ToJsonString());
        Assert.Equal(
            [("one", "eyevinn", 32), ("two", null, 64)],
            SecretsFile.Read(Path).KeyRing().CommonAccessTokenKeys.Select(key => (key.Id, key.Issuer, key.Secret.Bytes.Length)));

        json["commonAccessTokenKeys"]![1]!["secret"] = Convert.ToBase64String(new byte[31]);
        File.WriteAllText(Path, json.ToJsonString());
        Assert.Throws<StartException>(() => SecretsFile.Read(Path));
    }
}
