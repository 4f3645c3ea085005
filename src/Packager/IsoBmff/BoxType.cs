namespace Movento.Packager.IsoBmff;

/// <summary>The box types that this library reads or writes, as the numbers that a switch wants.</summary>
public static class BoxType
{
#pragma warning disable CS1591 // Each constant is the four characters of its name.
    public const uint Avc1 = 0x61766331;
    public const uint Avc3 = 0x61766333;
    public const uint AvcC = 0x61766343;
    public const uint Clap = 0x636c6170;
    public const uint Co64 = 0x636f3634;
    public const uint Colr = 0x636f6c72;
    public const uint Ctts = 0x63747473;
    public const uint Dinf = 0x64696e66;
    public const uint Dref = 0x64726566;
    public const uint Edts = 0x65647473;
    public const uint Elng = 0x656c6e67;
    public const uint Elst = 0x656c7374;
    public const uint Enca = 0x656e6361;
    public const uint Encv = 0x656e6376;
    public const uint Esds = 0x65736473;
    public const uint Frma = 0x66726d61;
    public const uint Ftyp = 0x66747970;
    public const uint Hdlr = 0x68646c72;
    public const uint Mdat = 0x6d646174;
    public const uint Mdhd = 0x6d646864;
    public const uint Mdia = 0x6d646961;
    public const uint Mehd = 0x6d656864;
    public const uint Mfhd = 0x6d666864;
    public const uint Minf = 0x6d696e66;
    public const uint Moof = 0x6d6f6f66;
    public const uint Moov = 0x6d6f6f76;
    public const uint Mp4a = 0x6d703461;
    public const uint Mvex = 0x6d766578;
    public const uint Mvhd = 0x6d766864;
    public const uint Pasp = 0x70617370;
    public const uint Pssh = 0x70737368;
    public const uint Saio = 0x7361696f;
    public const uint Saiz = 0x7361697a;
    public const uint Sbgp = 0x73626770;
    public const uint Schi = 0x73636869;
    public const uint Schm = 0x7363686d;
    public const uint Senc = 0x73656e63;
    public const uint Sgpd = 0x73677064;
    public const uint Sidx = 0x73696478;
    public const uint Sinf = 0x73696e66;
    public const uint Smhd = 0x736d6864;
    public const uint Stbl = 0x7374626c;
    public const uint Stco = 0x7374636f;
    public const uint Stsc = 0x73747363;
    public const uint Stsd = 0x73747364;
    public const uint Stss = 0x73747373;
    public const uint Stsz = 0x7374737a;
    public const uint Stts = 0x73747473;
    public const uint Tenc = 0x74656e63;
    public const uint Tfdt = 0x74666474;
    public const uint Tfhd = 0x74666864;
    public const uint Tkhd = 0x746b6864;
    public const uint Traf = 0x74726166;
    public const uint Trak = 0x7472616b;
    public const uint Trex = 0x74726578;
    public const uint Trun = 0x7472756e;
    public const uint Url = 0x75726c20;
    public const uint Vmhd = 0x766d6864;
    public const uint Wave = 0x77617665;
#pragma warning restore CS1591
}
