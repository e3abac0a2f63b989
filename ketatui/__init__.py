"""KetaTUI: decision support for ketamine and esketamine screening and informed consent."""

__version__ = "0.2.0"
