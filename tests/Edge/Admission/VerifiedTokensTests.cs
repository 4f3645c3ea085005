using Movento.Contracts;
using Movento.Edge.Admission;

namespace Movento.Edge.Tests.Admission;

public class VerifiedTokensTests
{
    [Fact]
    public void Find_ARememberedToken_GivesItAndNoOther()
    {
        var tokens = new VerifiedTokens(1024);
        var grant = Grant("abcdefghijklmnopqrstuvwxyz");
        tokens.Remember(grant);
        Assert.Same(grant, tokens.Find("abcdefghijklmnopqrstuvwxyz", grant.Hash));

        // With the same hash, as somebody would have who could choose it.
        Assert.Null(tokens.Find("abcdefghijklmnopqrstuvwxyZ", grant.Hash));
        Assert.Null(tokens.Find("abcdefghijklmnopqrstuvwxy", grant.Hash));
        Assert.Null(tokens.Find("abcdefghijklmnopqrstuvwxyz", grant.Hash + 1));
        Assert.Null(tokens.Find("", grant.Hash));
    }

    [Fact]
    public void Remember_MoreThanThereIsRoomFor_ForgetsThoseThatExpireFirst()
    {
        var tokens = new VerifiedTokens(8);
        var grants = Enumerable.Range(0, 100).Select(number => Grant($"token {number}", expires: (number * 37) % 100)).ToArray();
        foreach (var grant in grants) tokens.Remember(grant);
        var kept = grants.Where(grant => tokens.Find(grant.Text, grant.Hash) is not null).ToArray();
        Assert.Equal(8, kept.Length);
        Assert.Contains(grants.MaxBy(grant => grant.Expires)!, kept);
    }

    [Fact]
    public void Equal_AnyTwoTexts_ComparesEveryCharacter()
    {
        for (var length = 0; length < 130; length++)
        {
            var left = new string('a', length);
            Assert.True(SameText.Equal(left, new string('a', length)));
            Assert.False(SameText.Equal(left, left + "a"));
            for (var position = 0; position < length; position++)
            {
                var right = left.ToCharArray();
                right[position] = (char)('a' ^ 0x100);
                Assert.False(SameText.Equal(left, right));
            }
        }
    }

    private static PlaybackGrant Grant(string text, int expires = 0) => new(
        text, VerifiedTokens.HashOf(text), new PlaybackClaims(default, PlaybackScope.Presentation, DateTimeOffset.FromUnixTimeSeconds(expires), Guid.Empty));
}
