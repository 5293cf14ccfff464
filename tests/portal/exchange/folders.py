"""A folder of the dictionary's tables, small and sound, to be bent by the tests."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.models import Organisation
from portal.audit.models import Event
from reporting.models import Filing

OWNER = "91330201MADFQE5E01"
OTHER = "911500001141243517"
LINES_HEADER = (
    "organisation,period,version,line_no,kind,product,quantity_kg,value_cny,counterparty,destination,licence_no,"
    "declaration_no,invoice_no,licence_line_no,date,batch,from_batches,note"
)
LICENCES_HEADER = (
    "licence_no,exporter,kind,issued_on,expires_on,status,suspended_from,suspended_until,revoked_on,max_uses,tolerance_pct,"
    "consignee_name,consignee_id,end_user_name,end_user_id,destination"
)
DECLARATIONS_HEADER = (
    "declaration_no,item_no,declared_on,exporter,licence_no,licence_line_no,hs_code,description,quantity_kg,value_cny,"
    "destination,consignee_name"
)
TABLES = {
    "organisations": [
        "uscc,name_zh,name_en,activities,province,reports_from,reports_until,capacity_kg_year",
        f"{OWNER},曙光磁材有限公司,Aurora Magnets,magnet;exporter,浙江省,2026-01,,120000.50",
        f"{OTHER},,Borealis Metals,metal,内蒙古自治区,2026-02,2026-12,",
    ],
    "products": [
        "organisation,code,name,stage,family,hs_code,grade,processing_level,partners,pr_pct,nd_pct,dy_pct,tb_pct,assay_rel_uncertainty_pct",
        f"{OWNER},P-01,Sintered magnet N42SH,magnet,ndfeb,8505111000,N42SH,primary_shape,fe;b,6.1,23.5,1.25,0,0.8",
        f"{OTHER},P-01,Metal,metal,,,,,,,75,,,",
    ],
    "counterparties": [
        "organisation,code,name,name_local,country,id_type,id_number,address,city,end_use,end_user_name,end_user_country",
        f'{OWNER},C-01,"Motors, GmbH","""Motoren""",DE,VAT,DE123456788,Weg 1,Ulm,motors,,',
    ],
    "lots": [
        "organisation,batch,product,nd_pct,assay_rel_uncertainty_pct,assay_no,laboratory,assayed_on",
        f"{OWNER},L-1,P-01,23.75,0.4,A-1,本厂,2026-02-03",
    ],
    "extensions": [
        "organisation,period,until,reason",
        f"{OWNER},2026-03,2026-04-20,停电",
        ",2026-04,2026-05-15,系统检修",
    ],
    "calendar_days": ["date,working", "2026-02-10,false"],
    "watchlist": [
        "list,entry,name,aliases,country,id_number,reason,effect,valid_from,valid_until",
        'Entity list,REL-W1,"Dynamics, Ltd",HDL;虚构动力,GB,,最终用途,deny,2026-01-01,',
        "Entity list,REL-W2,Kestrel,,,,,,,2026-12-31",
    ],
    "licences": [
        LICENCES_HEADER,
        f'REL-1,{OWNER},individual,2026-01-05,2026-12-31,valid,2026-03-01,2026-03-09,,12,5,"Motors, GmbH",VAT:DE123456788,,,DE',
        f"REL-2,{OWNER},general,2026-01-05,2027-12-31,revoked,,,2026-04-01,,2.5,Motors;東京電機,,曙光;Ulm,,DE;JP",
    ],
    "licence_lines": [
        "licence_no,line_no,control_code,hs_code,description,quantity_kg",
        "REL-1,1,1C905.a.4,8505111000,磁体,100.5",
        "REL-1,2,1C904.a.4;1C905.a.4,2846901500,,20",
        "REL-2,1,1C905.a.4,,Magnets,7.000",
    ],
    "declarations": [
        DECLARATIONS_HEADER,
        f'D-1,1,2026-02-03,{OWNER},REL-1,1,8505111000,磁体,60.25,81200.5,DE,"Motors, GmbH"',
        f"D-2,1,2026-02-02,{OWNER},REL-1,,85051110,,45.275,1000,DE,",
        f"D-3,1,2026-03-05,{OWNER},REL-1,1,8505111000,,0.001,,DE,",
        f"D-4,1,2026-02-09,{OTHER},REL-1,1,8505111000,,1,,DE,",
        f"D-5,1,2026-02-09,{OWNER},,,8505111000,,,,,",
    ],
    "quotas": ["organisation,year,stage,quantity_kg", f"{OTHER},2026,oxide,254000.50"],
    "reference_prices": [
        "period,stage,family,main_element,market,low_cny_kg,high_cny_kg",
        "2026-01,magnet,ndfeb,,,180,260.5",
        "2026-01,oxide,,nd,export,400.00,610",
    ],
    "invoices": [
        "invoice_no,issued_on,seller,buyer,stage,description,quantity_kg,value_cny,tax_cny,status,voided_on",
        f"INV-1,2026-01-20,{OWNER},{OTHER},magnet,*磁性材料*磁体,4.0,9000.5,1170.07,,",
        f"INV-2,2026-02-20,{OTHER},911101010000000000,,加工费,,-100,-13.00,red,",
        f"INV-1,2026-02-21,{OTHER},{OWNER},metal,,12.345,8000,1040,voided,2026-03-01",
    ],
    "filings": [
        "organisation,period,version,submitted_at,nil,amendment_reason,status",
        f"{OWNER},2026-01,1,2026-02-11T09:00:00+08:00,false,,accepted",
        f"{OWNER},2026-02,1,2026-03-12T09:00:00+08:00,false,,",
        f"{OWNER},2026-02,2,2026-03-20T09:00:00Z,false,a slip,returned",
        f"{OWNER},2026-02,3,2026-03-21T09:00:00+08:00,false,again,withdrawn",
        f"{OTHER},2026-02,1,2026-03-01T09:00:00.250000+08:00,true,,submitted",
    ],
    "lines": [
        LINES_HEADER,
        f"{OWNER},2026-01,1,1,opening,P-01,10.50,,,,,,,,,,,",
        f"{OWNER},2026-01,1,2,sold,P-01,4,9000.5,C-01,,,,INV-1,,2026-01-20,L-1,,",
        f"{OWNER},2026-01,1,7,closing,P-01,6.5,,,,,,,,,,,'-6.5 before the recount",
        f"{OWNER},2026-02,1,1,opening,P-01,6.500,,,,,,,,,,,",
        f"{OWNER},2026-02,2,1,opening,P-01,6.5,,,,,,,,,,,",
        f'{OWNER},2026-02,2,2,exported,P-01,-1.25,,C-01,DE,X1,D-1,,3,2027-01-01,,L-1:2;L-2,"两行\n备注"',
        f"{OWNER},2026-02,3,1,opening,P-01,6.5,,,,,,,,,,,",
    ],
}


def write(folder: Path, **changed: list[str] | None) -> Path:
    """The tables into a folder; a table given is written instead, None leaves it out."""
    folder.mkdir(exist_ok=True)
    for name, rows in {**TABLES, **changed}.items():
        if rows is not None:
            (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def bent(name: str, row: int, old: str, new: str) -> dict[str, list[str]]:
    """One table with a text in one row (counted as a spreadsheet does) replaced."""
    rows = list(TABLES[name])
    assert old in rows[row - 1]
    rows[row - 1] = rows[row - 1].replace(old, new, 1)
    return {name: rows}


def refusals(folder: Path) -> list[str]:
    """What ``load`` says of a folder that it refuses; nothing is stored then."""
    out = StringIO()
    before = (Organisation.objects.count(), Filing.objects.count(), Event.objects.count())
    with pytest.raises(CommandError):
        call_command("load", str(folder), stdout=out)
    assert (Organisation.objects.count(), Filing.objects.count(), Event.objects.count()) == before
    return [line for line in out.getvalue().splitlines() if "left alone" not in line]
